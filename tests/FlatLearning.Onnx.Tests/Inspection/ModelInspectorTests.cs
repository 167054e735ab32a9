using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Inspection;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Inspection;

public sealed class ModelInspectorTests : IDisposable
{
    // The file keeps four digits of an error.
    private const double ErrorTolerance = 1e-3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TestPlans.Codes)]
    [InlineData(MetricKinds.Riem)]
    public void Inspect_ConvertedFile_HasTheNumbersOfTheConversion(string method)
    {
        WeightPlan plan = TestPlans.Of(method, bits: 4, stateDim: 8, seconds: 0.1);

        ModelBuilder smooth = new ModelBuilder(13).Input("x", DataType.Float, 3, 100)
            .Output("y")
            .Smooth("W", 100, 120)
            .Smooth("V", 110, 120)
            .Node("MatMul", ["x", "W"], "a").Node("Gemm", ["a", "V"], "y", TestModels.Int("transB", 1));

        AssertSame(smooth, new ConvertOptions { Plan = plan, Description = "as typed" });
    }

    [Theory]
    [InlineData(DataType.Float16)]
    [InlineData(DataType.Double)]
    public void Inspect_OtherTypes_HasTheNumbersOfTheConversion(DataType type) =>
        AssertSame(Model(type), new ConvertOptions());

    [Fact]
    public void Inspect_WeightsOfOneNameInTwoBranches_KeepsThemApart()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, 100).Output("y");
        builder.Graph.Input.Add(TestModels.Value("c", DataType.Bool));
        GraphProto[] branches = [.. new[] { DataType.Float, DataType.Float16 }.Select(type =>
        {
            GraphProto branch = new() { Name = $"{type}", Output = { ModelBuilder.Value($"o{type}", DataType.Float) } };
            branch.Initializer.Add(builder.Tensor("W", type, 100, 100));
            branch.Node.Add(TestModels.Node("Cast", ["W"], ["V"], TestModels.Int("to", (long)DataType.Float)));
            branch.Node.Add(TestModels.Node("MatMul", ["x", "V"], [$"o{type}"]));
            return branch;
        })];
        builder.Graph.Node.Add(
            TestModels.Node(
                "If",
                ["c"],
                ["y"],
                TestModels.Graph("then_branch", branches[0]),
                TestModels.Graph("else_branch", branches[1])));

        AssertSame(builder, new ConvertOptions());
    }

    [Fact]
    public void Inspect_NotPortable_SaysSo()
    {
        ConversionJob.Run(
            _folder.Write("a.onnx", Model(DataType.Float).Proto),
            _folder["b.onnx"],
            new ConvertOptions { Portable = false },
            ConversionTarget.New);

        Assert.False(ModelInspector.Inspect(_folder["b.onnx"]).Portable, "there are no functions");
    }

    [Fact]
    public void Inspect_WithoutMetadata_StillTellsWhatTheFileHas()
    {
        ConversionReport conversion = Convert(Model(DataType.Float), new ConvertOptions());
        OnnxModel model = OnnxModelFile.Load(_folder["b.onnx"]);
        model.Proto.MetadataProps.Clear();

        InspectionReport inspection = ModelInspector.Inspect(_folder.Write("c.onnx", model.Proto));

        Assert.Null(inspection.Tool);
        Assert.Equal(
            conversion.Weights.Select(weight => weight.StoredBytes),
            inspection.Weights.Select(weight => weight.StoredBytes));
        Assert.All(inspection.Weights, weight => Assert.Null(weight.Error));
    }

    [Fact]
    public void Inspect_PlainModel_IsRefused() => Assert.StartsWith(
        "FLAT0506",
        Assert.Throws<UsageException>(
            () => ModelInspector.Inspect(_folder.Write("a.onnx", Model(DataType.Float).Proto))).Message,
        StringComparison.Ordinal);

    private void AssertSame(ModelBuilder builder, ConvertOptions options)
    {
        ConversionReport conversion = Convert(builder, options);

        InspectionReport inspection = ModelInspector.Inspect(_folder["b.onnx"]);

        Assert.Equal(conversion.OutputBytes, inspection.InputBytes);
        Assert.Equal(conversion.BitsPerWeight, inspection.BitsPerWeight, 1e-9);
        Assert.Equal(options.Description, inspection.Options);
        Assert.True(inspection.Portable, "every node has a function");
        Assert.Equal(conversion.Weights.Sum(weight => weight.Nodes.Count), inspection.Operators["DynMatMul"]);
        Assert.Equal(conversion.Weights.Count, inspection.Weights.Count);
        foreach ((WeightReport expected, WeightReport actual) in conversion.Weights.Zip(inspection.Weights))
        {
            Assert.Equal(
                (expected.Name, expected.Dtype, expected.OriginalBytes, expected.StoredBytes, expected.Representation,
                expected.Hessian),
                (actual.Name, actual.Dtype, actual.OriginalBytes, actual.StoredBytes, actual.Representation,
                actual.Hessian));
            Assert.Equal(expected.BitsPerWeight, actual.BitsPerWeight, 1e-9);
            Assert.Equal(1, actual.Error!.Value / expected.Error!.Value, ErrorTolerance);
            Assert.Equal(expected.Nodes, actual.Nodes);
            Assert.Equal(expected.Shape.Order(), actual.Shape.Order());
        }
    }

    private ConversionReport Convert(ModelBuilder builder, ConvertOptions options) =>
        ConversionJob.Run(
            _folder.Write("a.onnx", builder.Proto), _folder["b.onnx"], options, ConversionTarget.New).Report;

    private static ModelBuilder Model(DataType type) => new ModelBuilder(13).Input("x", type, 3, 100).Output("y", type)
        .Weight("W", type, 100, 120).Weight("V", type, 110, 120).Weight("b", type, 110)
        .Node("MatMul", ["x", "W"], "a").Node("Gemm", ["a", "V", "b"], "y", TestModels.Int("transB", 1));
}
