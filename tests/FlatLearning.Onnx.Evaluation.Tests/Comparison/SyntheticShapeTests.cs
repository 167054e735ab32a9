using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Evaluation.Tests.Comparison;

public sealed class SyntheticShapeTests
{
    [Theory]
    [InlineData(new object[] { "n", 3 }, new long[] { 1, 3 })]
    [InlineData(new object[] { "n", "t", 3 }, new long[] { 1, 16, 3 })]
    [InlineData(new object[] { 1, "t" }, new long[] { 1, 16 })]
    [InlineData(new object[] { 2, "n", 3 }, new long[] { 2, 1, 3 })]
    [InlineData(new object[] { "n", "n" }, new long[] { 1, 1 })]
    [InlineData(new object[0], new long[0])]
    public void OpenDimensions_TakeBatchOfOneAndDefaultSize(object[] declared, long[] expected)
    {
        Assert.Equal(expected, Shapes(ComparisonModels.Unary("Identity", DataType.Float, declared))["x"]);
    }

    [Fact]
    public void OpenDimensions_OfTheSameSymbol_AreTheSame()
    {
        Dictionary<string, long[]> shapes = Shapes(Two(["batch", "t"], ["t", "u"]), "x=2,7");

        Assert.Equal([2L, 7], shapes["x"]);
        Assert.Equal([7L, 16], shapes["z"]);
    }

    [Fact]
    public void Size_ThatTheModelFailsWith_IsReplacedAndNoted()
    {
        // Adding a table of four positions fails for 16 and 8.
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(ComparisonModels.Open("x", DataType.Float, "n", "t"));
        graph.Output.Add(new ValueInfoProto { Name = "y" });
        graph.Initializer.Add(TensorWriter.Float32("positions", [4], new float[4]));
        graph.Node.Add(TestModels.Node("Add", ["x", "positions"], ["y"]));

        PreparedInputs inputs = Prepare(TestModels.Model(graph));

        Assert.Equal([1L, 4], inputs.Samples.First().Inputs["x"].Shape.ToArray());
        Assert.Contains(inputs.Notes, note => note.Contains("Open dimensions are 4", StringComparison.Ordinal));
    }

    [Fact]
    public void Sizes_NoneOfWhichRuns_EndInOneSentence()
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(ComparisonModels.Open("x", DataType.Float, "n", "t"));
        graph.Output.Add(new ValueInfoProto { Name = "y" });
        graph.Initializer.Add(TensorWriter.Float32("table", [5, 5], new float[25]));
        graph.Node.Add(TestModels.Node("MatMul", ["x", "table"], ["y"]));

        UsageException exception = Assert.Throws<UsageException>(() => Prepare(TestModels.Model(graph)));

        Assert.StartsWith("FLAT0727", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.Equal([1L, 5], Shapes(TestModels.Model(graph), "x=1,5")["x"]);
    }

    [Theory]
    [InlineData("x", "FLAT0723")]
    [InlineData("=1,2", "FLAT0723")]
    [InlineData("x=1,-2", "FLAT0723")]
    [InlineData("x=1,two", "FLAT0723")]
    [InlineData("x=1,,2", "FLAT0723")]
    [InlineData("other=1,2", "FLAT0724")]
    [InlineData("x=1,2,3", "FLAT0725")]
    [InlineData("x=", "FLAT0725")]
    [InlineData("x=1,4", "FLAT0726")]
    public void Shape_ThatDoesNotFit_IsRefusedWithOneSentence(string option, string number)
    {
        UsageException exception = Assert.Throws<UsageException>(
            () => Shapes(ComparisonModels.Unary("Identity", DataType.Float, "n", 3), option));

        Assert.StartsWith(number, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    private static ModelProto Two(object[] first, object[] second)
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(ComparisonModels.Open("x", DataType.Float, first));
        graph.Input.Add(ComparisonModels.Open("z", DataType.Float, second));
        graph.Output.Add(new ValueInfoProto { Name = "y" });
        graph.Node.Add(TestModels.Node("MatMul", ["x", "z"], ["y"]));
        return TestModels.Model(graph);
    }

    private static PreparedInputs Prepare(ModelProto model, params string[] shapes)
    {
        using ModelRunner runner = ModelRunner.Open(TestModels.Bytes(model), "model");
        return new SyntheticInputSource(new OnnxModel(model)) { Shapes = ShapeOption.Parse(shapes) }.Prepare(runner);
    }

    private static Dictionary<string, long[]> Shapes(ModelProto model, params string[] shapes) =>
        Prepare(model, shapes).Samples.First().Inputs.ToDictionary(
            input => input.Key, input => input.Value.Shape.ToArray());
}
