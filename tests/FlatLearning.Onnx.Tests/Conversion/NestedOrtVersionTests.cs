using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Portable;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>
/// Weights in subgraphs and functions on every version of ONNX Runtime in the compatibility matrix, and what older ones
/// cannot do.
/// </summary>
public sealed class NestedOrtVersionTests
{
    private const int Size = 64;
    private const int Opset = 16;

    [Theory]
    [OnVersion(OrtVersions.Package)]
    [OnVersion("1.30.0")]
    [OnVersion("1.23.2")]
    [OnVersion("1.20.1")]
    [OnVersion("1.17.3")]
    public void Weight_InALoopBodyAndInOneBranch_RunsWithAndWithoutLibrary(string version)
    {
        ModelBuilder builder = Conditional().Weight("W", DataType.Float, Size, Size);
        GraphProto body = new() { Name = "body" };
        body.Input.Add(
            [
                TestModels.Value("i", DataType.Int64),
                TestModels.Value("on", DataType.Bool),
                ModelBuilder.Value("h", DataType.Float)]);
        body.Initializer.Add(builder.Tensor("V", DataType.Float, Size, Size));
        body.Node.Add(
            [
                TestModels.Node("MatMul", ["h", "V"], ["m"]),
                TestModels.Node("Tanh", ["m"], ["n"]),
                TestModels.Node("Identity", ["on"], ["still"])]);
        body.Output.Add([TestModels.Value("still", DataType.Bool), ModelBuilder.Value("n", DataType.Float)]);
        builder.Graph.Node.Add(TestModels.Node("Loop", ["trips", "go", "x"], ["k"], TestModels.Graph("body", body)));
        GraphProto other = new() { Name = "other", Node = { TestModels.Node("Relu", ["k"], ["e"]) },
            Output = { ModelBuilder.Value("e", DataType.Float) } };
        builder.Graph.Node.Add(
            TestModels.Node(
                "If",
                ["c"],
                ["y"],
                TestModels.Graph("then_branch", Branch("t")),
                TestModels.Graph("else_branch", other)));

        ConvertedModel converted = ConversionCheck.Convert(builder, 2);

        Assert.Empty(converted.Notes);
        Agrees(version, builder, converted, "library");
    }

    [Theory]
    [OnVersion(OrtVersions.Package)]
    [OnVersion("1.30.0")]
    [OnVersion("1.23.2")]
    [OnVersion("1.20.1")]
    [OnVersion("1.17.3")]
    public void Weight_SharedByBranches_RunsWithoutLibraryAndOnNewerVersionsWithIt(string version)
    {
        ModelBuilder builder = Conditional().Weight("W", DataType.Float, Size, Size).Node("Relu", ["x"], "k");
        builder.Graph.Node.Add(
            TestModels.Node(
                "If",
                ["c"],
                ["y"],
                TestModels.Graph("then_branch", Branch("t")),
                TestModels.Graph("else_branch", Branch("e"))));

        ConvertedModel converted = ConversionCheck.Convert(builder, 1);

        Assert.Contains("ONNX Runtime 1.30", Assert.Single(converted.Notes), StringComparison.Ordinal);
        Agrees(version, builder, converted, version is OrtVersions.Package or "1.30.0" ? "library" : null);
    }

    [Theory]
    [OnVersion(OrtVersions.Package)]
    [OnVersion("1.30.0")]
    [OnVersion("1.23.2")]
    [OnVersion("1.20.1")]
    [OnVersion("1.17.3")]
    public void Weight_InAFunction_RunsWithoutLibraryAndOnNewerVersionsWithIt(string version)
    {
        ModelBuilder builder = new ModelBuilder(Opset).Input("x", DataType.Float, 3, Size).Output("y");
        FunctionProto function = new() { Domain = "own", Name = "Layer", Input = { "p" }, Output = { "q" } };
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = Opset });
        function.Node.Add(
            TestModels.Node(
                "Constant",
                [],
                ["U"],
                TestModels.Tensor("value", builder.Tensor(string.Empty, DataType.Float, Size, Size))));
        function.Node.Add([TestModels.Node("MatMul", ["p", "U"], ["g"]), TestModels.Node("Tanh", ["g"], ["q"])]);
        builder.Functions.Add(function);
        builder.Domains.Add("own");
        NodeProto call = TestModels.Node("Layer", ["x"], ["y"]);
        call.Domain = "own";
        builder.Graph.Node.Add(call);

        ConvertedModel converted = ConversionCheck.Convert(builder, 1);

        Assert.Contains("ONNX Runtime 1.20", Assert.Single(converted.Notes), StringComparison.Ordinal);
        Agrees(version, builder, converted, version == "1.17.3" ? null : "library");
    }

    /// <summary>Runs both forms, or the portable one alone where this version is known not to run the other.</summary>
    private static void Agrees(string version, ModelBuilder builder, ConvertedModel converted, string? library)
    {
        Assert.True(converted.Portable, string.Join("; ", converted.Notes));
        IReadOnlyList<OrtTensor> expected = OrtRun.Alone(ModelRestorer.Restore(converted.Model).Proto, builder.Feeds);
        IOnnxRuntime runtime = OrtVersions.Open(version);
        ConversionCheck.Near(
            $"portable on {version}",
            Run(runtime, converted, builder.Feeds, null),
            expected,
            ConversionCheck.RoundingTolerance);
        if (library is null)
        {
            // A refusal, never a wrong result. When this stops throwing, LibraryLimits has to say something else.
            Assert.Throws<OnnxRuntimeFailure>(() => Run(runtime, converted, builder.Feeds, OrtRun.Library));
            return;
        }

        ConversionCheck.Near(
            $"{library} on {version}",
            Run(runtime, converted, builder.Feeds, OrtRun.Library),
            expected,
            ConversionCheck.RoundingTolerance);
    }

    private static IReadOnlyList<OrtTensor> Run(
        IOnnxRuntime runtime, ConvertedModel model, Dictionary<string, OrtTensor> feeds, string? library)
    {
        using IOnnxSession session = runtime.Open(model.Model.Proto.ToByteArray(), library);
        return session.Run(feeds);
    }

    private static ModelBuilder Conditional()
    {
        ModelBuilder builder = new ModelBuilder(Opset).Input("x", DataType.Float, 3, Size).Output("y");
        builder.Graph.Initializer.Add(TensorWriter.Int64("trips", [], [2]));
        builder.Graph.Initializer.Add(TensorWriter.Raw("go", DataType.Bool, [], [1]));
        builder.Graph.Input.Add(TestModels.Value("c", DataType.Bool));
        builder.Feeds["c"] = OrtTensor.FromBytes(TensorElementType.Bool, [1]);
        return builder;
    }

    private static GraphProto Branch(string name) => new()
    {
        Name = name,
        Node = { TestModels.Node("MatMul", ["k", "W"], [name + "m"]), TestModels.Node("Relu", [name + "m"], [name]) },
        Output = { ModelBuilder.Value(name, DataType.Float) },
    };
}
