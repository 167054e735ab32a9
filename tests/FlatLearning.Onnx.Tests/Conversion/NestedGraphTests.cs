using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using Microsoft.ML.OnnxRuntime.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Weights in the bodies of If, Loop and Scan and in model-local functions.</summary>
public sealed class NestedGraphTests
{
    private const int Size = 56;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void If_WeightInEachBranchUnderOneName_ConvertsBoth(bool condition)
    {
        ModelBuilder builder = If(condition);
        builder.Graph.Node.Add(TestModels.Node(
            "If",
            ["c"],
            ["y"],
            TestModels.Graph("then_branch", Branch(builder, "t", builder.Tensor("W", DataType.Float, Size, Size))),
            TestModels.Graph("else_branch", Branch(builder, "e", builder.Tensor("W", DataType.Float, Size, Size)))));

        ConvertedModel converted = ConversionCheck.Converts(builder, 2);

        Assert.All(
            converted.Model.Proto.Graph.Node[0].Attribute,
            branch => Assert.Equal(3, branch.G.Initializer.Count(tensor => tensor.Name != "b")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void If_WeightOfTheOuterGraphInOneBranch_IsConverted(bool condition)
    {
        ModelBuilder builder = If(condition).Weight("W", DataType.Float, Size, Size);
        GraphProto other = new() { Name = "other", Node = { TestModels.Node("Relu", ["x"], ["e"]) },
            Output = { ModelBuilder.Value("e", DataType.Float) } };
        builder.Graph.Node.Add(
            TestModels.Node(
                "If",
                ["c"],
                ["y"],
                TestModels.Graph("then_branch", Branch(builder, "t", null)),
                TestModels.Graph("else_branch", other)));

        ConversionCheck.Converts(builder);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void If_WeightOfTheOuterGraphInBothBranches_IsConverted(bool condition)
    {
        ModelBuilder builder = If(condition).Weight("W", DataType.Float, Size, Size);
        builder.Graph.Node.Add(TestModels.Node(
            "If", ["c"], ["y"], TestModels.Graph("then_branch", Branch(builder, "t", null)),
            TestModels.Graph("else_branch", Branch(builder, "e", null))));

        ConversionCheck.Converts(builder);
    }

    [Fact]
    public void If_WeightSharedByABranchAndTheOuterGraph_IsConverted()
    {
        ModelBuilder builder = If(true)
            .Weight("W", DataType.Float, Size, Size)
            .Node("MatMul", ["x", "W"], "z")
            .Output("z");
        builder.Graph.Node.Add(TestModels.Node(
            "If", ["c"], ["y"], TestModels.Graph("then_branch", Branch(builder, "t", null)),
            TestModels.Graph("else_branch", Branch(builder, "e", null))));

        ConversionCheck.Converts(builder);
    }

    [Fact]
    public void If_WeightThatABranchHandsOut_StaysWithTheReason()
    {
        ModelBuilder builder = If(true)
            .Weight("W", DataType.Float, Size, Size)
            .Node("MatMul", ["x", "W"], "z")
            .Output("z");
        GraphProto hands = new() { Name = "hands", Output = { ModelBuilder.Value("W", DataType.Float) } };
        GraphProto other = new() { Name = "other", Node = { TestModels.Node("Relu", ["x"], ["e"]) },
            Output = { ModelBuilder.Value("e", DataType.Float) } };
        builder.Graph.Node.Add(
            TestModels.Node(
                "If", ["c"], ["y"], TestModels.Graph("then_branch", hands), TestModels.Graph("else_branch", other)));

        ConversionCheck.Skips(builder, "W", "output");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Loop_WeightInTheBodyOrOutside_IsConverted(bool inside)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size).Output("y");
        builder.Graph.Initializer.Add(TensorWriter.Int64("trips", [], [3]));
        builder.Graph.Initializer.Add(TensorWriter.Raw("go", DataType.Bool, [], [1]));
        TensorProto weight = builder.Tensor("W", DataType.Float, Size, Size);
        GraphProto body = new() { Name = "body" };
        body.Input.Add(
            [
                TestModels.Value("i", DataType.Int64),
                TestModels.Value("on", DataType.Bool),
                ModelBuilder.Value("h", DataType.Float)]);
        body.Node.Add(
            [
                TestModels.Node("MatMul", ["h", "W"], ["m"]),
                TestModels.Node("Tanh", ["m"], ["n"]),
                TestModels.Node("Identity", ["on"], ["still"])]);
        body.Output.Add([TestModels.Value("still", DataType.Bool), ModelBuilder.Value("n", DataType.Float)]);
        (inside ? body : builder.Graph).Initializer.Add(weight);
        builder.Graph.Node.Add(TestModels.Node("Loop", ["trips", "go", "x"], ["y"], TestModels.Graph("body", body)));

        ConversionCheck.Converts(builder);
    }

    [Fact]
    public void Scan_WeightInTheBody_IsConverted()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 4, 2, Size).Output("y");
        GraphProto body = new() { Name = "body" };
        body.Input.Add(TestModels.Value("r", DataType.Float, 2, Size));
        body.Initializer.Add(builder.Tensor("W", DataType.Float, Size, Size));
        body.Node.Add(TestModels.Node("MatMul", ["r", "W"], ["s"]));
        body.Output.Add(ModelBuilder.Value("s", DataType.Float));
        builder.Graph.Node.Add(
            TestModels.Node(
                "Scan", ["x"], ["y"], TestModels.Int("num_scan_inputs", 1), TestModels.Graph("body", body)));

        ConversionCheck.Converts(builder);
    }

    [Fact]
    public void Function_WeightInAConstantNode_IsConvertedOnceForAllCalls()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size).Output("y");
        builder.Functions.Add(Function(builder));
        builder.Domains.Add("own");
        NodeProto[] calls = [TestModels.Node("Layer", ["x"], ["a"]), TestModels.Node("Layer", ["a"], ["y"])];
        builder.Graph.Node.Add(calls.Select(call => { call.Domain = "own"; return call; }));

        ConvertedModel converted = ConversionCheck.Converts(builder);

        FunctionProto layer = converted.Model.Proto.Functions.Single(function => function.Domain == "own");
        Assert.Contains(layer.OpsetImport, import => import.Domain == "ai.flatlearning");
        Assert.Single(layer.Node, node => node.OpType == "DynMatMul");
    }

    [Fact]
    public void Function_WeightPassedAsAnArgument_IsDense()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size)
            .Weight("W", DataType.Float, Size, Size)
            .Output("y");
        FunctionProto function = new() { Domain = "own", Name = "Product", Input = { "p", "w" }, Output = { "q" } };
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = 17 });
        function.Node.Add(TestModels.Node("MatMul", ["p", "w"], ["q"]));
        builder.Functions.Add(function);
        builder.Domains.Add("own");
        NodeProto call = TestModels.Node("Product", ["x", "W"], ["y"]);
        call.Domain = "own";
        builder.Graph.Node.Add(call);

        ConversionCheck.KeepsDense(builder, "W", "own:Product");
    }

    private static FunctionProto Function(ModelBuilder builder)
    {
        FunctionProto function = new() { Domain = "own", Name = "Layer", Input = { "p" }, Output = { "q" } };
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = 17 });
        function.Node.Add(
            TestModels.Node(
                "Constant",
                [],
                ["W"],
                TestModels.Tensor("value", builder.Tensor(string.Empty, DataType.Float, Size, Size))));
        function.Node.Add(
            TestModels.Node(
                "Constant", [], ["b"], TestModels.Tensor("value", builder.Tensor(string.Empty, DataType.Float, Size))));
        function.Node.Add(TestModels.Node("Gemm", ["p", "W", "b"], ["g"], TestModels.Int("transB", 1)));
        function.Node.Add(TestModels.Node("Tanh", ["g"], ["q"]));
        return function;
    }

    private static ModelBuilder If(bool condition)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size).Output("y");
        builder.Graph.Input.Add(TestModels.Value("c", DataType.Bool));
        builder.Feeds["c"] = OrtTensor.FromBytes(TensorElementType.Bool, [condition ? (byte)1 : (byte)0]);
        return builder;
    }

    private static GraphProto Branch(ModelBuilder builder, string prefix, TensorProto? weight)
    {
        GraphProto branch = new() { Name = prefix };
        branch.Initializer.Add(builder.Tensor("b", DataType.Float, Size));
        if (weight is not null)
        {
            branch.Initializer.Add(weight);
        }

        branch.Node.Add(TestModels.Node("Gemm", ["x", "W", "b"], [prefix]));
        branch.Output.Add(ModelBuilder.Value(prefix, DataType.Float));
        return branch;
    }
}
