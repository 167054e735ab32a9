using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Sensitivity;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Evaluation.Tests.Comparison;

public sealed class SyntheticValueTests
{
    private static readonly TensorProto Table = TensorWriter.Float32("table", [5, 2], new float[10]);

    [Fact]
    public void Generator_WithoutKeys_IsSplitMix64()
    {
        // The first outputs of the published generator from state 0.
        SampleGenerator random = new();

        Assert.Equal(0xE220A8397B1DCDAFUL, random.Next());
        Assert.Equal(0x6E789E6AA1B965F4UL, random.Next());
    }

    [Fact]
    public void Normal_OfManyDraws_HasMeanZeroAndVarianceOne()
    {
        SampleGenerator random = new(5);
        double[] draws = [.. Enumerable.Range(0, 100_000).Select(_ => random.Normal())];

        // Five standard errors: 5 / sqrt(n) of the mean, 5 sqrt(2 / n) of the variance.
        Assert.Equal(0, draws.Average(), 0.016);
        Assert.Equal(1, draws.Average(value => value * value), 0.023);
    }

    [Fact]
    public void Values_OfTheSameSeed_AreTheSame()
    {
        ModelProto model = ComparisonModels.Unary("Identity", DataType.Float, "n", 64);

        Assert.Equal(First(model, 1).ToDoubles(), First(model, 1).ToDoubles());
        Assert.NotEqual(First(model, 1).ToDoubles(), First(model, 2).ToDoubles());
        Assert.NotEqual(First(model, 1).ToDoubles(), Draw(model, 1)[1].Inputs["x"].ToDoubles());
    }

    [Theory]
    [InlineData("Cast")]
    [InlineData("Reshape")]
    [InlineData("Unsqueeze")]
    [InlineData("Identity")]
    public void Ids_BehindAnOperator_StayInTheirTable(string op)
    {
        GraphProto graph = Ids();
        graph.Initializer.Add(Table);
        graph.Initializer.Add(TensorWriter.Int64("shape", [1], [-1]));
        graph.Initializer.Add(TensorWriter.Int64("axes", [1], [0]));
        graph.Node.Add(op switch
        {
            "Cast" => TestModels.Node("Cast", ["x"], ["ids"], TestModels.Int("to", (int)DataType.Int32)),
            "Reshape" => TestModels.Node("Reshape", ["x", "shape"], ["ids"]),
            "Unsqueeze" => TestModels.Node("Unsqueeze", ["x", "axes"], ["ids"]),
            _ => TestModels.Node("Identity", ["x"], ["ids"]),
        });
        graph.Node.Add(TestModels.Node("Gather", ["table", "ids"], ["y"]));

        double[] values = AllValues(graph);

        Assert.Equal([0, 1, 2, 3, 4], values.Distinct().Order());
    }

    [Fact]
    public void Ids_OfTwoTables_FitTheSmaller()
    {
        GraphProto graph = Ids();
        graph.Initializer.Add(Table);
        graph.Initializer.Add(TensorWriter.Float32("wide", [2, 3], new float[6]));
        graph.Node.Add(TestModels.Node("Gather", ["table", "x"], ["y"]));
        graph.Node.Add(TestModels.Node("Gather", ["wide", "x"], ["z"], TestModels.Int("axis", -1)));

        Assert.Equal([0, 1, 2], AllValues(graph).Distinct().Order());
    }

    [Fact]
    public void Ids_OfOneHot_FitItsDepth()
    {
        GraphProto graph = Ids();
        graph.Initializer.Add(TensorWriter.Int64("depth", [], [4]));
        graph.Initializer.Add(TensorWriter.Float32("levels", [2], [0, 1]));
        graph.Node.Add(TestModels.Node("OneHot", ["x", "depth", "levels"], ["y"]));

        Assert.Equal([0, 1, 2, 3], AllValues(graph).Distinct().Order());
    }

    [Fact]
    public void Number_ThatTheModelComparesWith_IsUsed()
    {
        GraphProto graph = Ids();
        graph.Node.Add(
            TestModels.Node("Constant", [], ["rate"], TestModels.Tensor("value", TensorWriter.Int64("", [], [16000]))));
        graph.Node.Add(TestModels.Node("Equal", ["rate", "x"], ["same"]));
        graph.Node.Add(TestModels.Node("Cast", ["same"], ["y"], TestModels.Int("to", (int)DataType.Float)));

        Assert.Equal([16000], AllValues(graph).Distinct());
    }

    [Fact]
    public void Number_OfNoKnownUse_IsZeroOrOne()
    {
        GraphProto graph = Ids();
        graph.Node.Add(TestModels.Node("Cast", ["x"], ["y"], TestModels.Int("to", (int)DataType.Float)));

        Assert.Equal([0, 1], AllValues(graph).Distinct().Order());
    }

    [Theory]
    [InlineData("attention_mask", DataType.Int64, true)]
    [InlineData("mask", DataType.Bool, true)]
    [InlineData("srcMask", DataType.Float, true)]
    [InlineData("masked_ids", DataType.Int64, false)]
    [InlineData("damask", DataType.Bool, false)]
    public void Mask_ByName_IsAllOnes(string name, DataType type, bool isMask)
    {
        ModelProto model = ComparisonModels.Unary("Identity", type, 1, 64);
        model.Graph.Input[0].Name = name;
        model.Graph.Node[0].Input[0] = name;

        double[] values = Draw(model, 0)[0].Inputs[name].ToDoubles();

        Assert.Equal(isMask, values.All(value => value == 1));
    }

    [Theory]
    [InlineData(DataType.Float16)]
    [InlineData(DataType.Double)]
    [InlineData(DataType.Bfloat16)]
    [InlineData(DataType.Int8)]
    [InlineData(DataType.Uint64)]
    public void Types_OfEveryWidth_AreMadeUp(DataType type)
    {
        double[] values = First(ComparisonModels.Unary("Identity", type, "n", 256), 0).ToDoubles();

        Assert.True(values.Distinct().Count() > 1);
        Assert.All(values, value => Assert.True(Math.Abs(value) < 7));
    }

    [Fact]
    public void Text_IsRefusedWithOneSentence()
    {
        UsageException exception =
            Assert.Throws<UsageException>(() => Draw(ComparisonModels.Unary("Identity", DataType.String, 1, 2), 0));

        Assert.StartsWith("FLAT0722", exception.Message, StringComparison.Ordinal);
    }

    private static GraphProto Ids()
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(ComparisonModels.Open("x", DataType.Int64, 64));
        graph.Output.Add(new ValueInfoProto { Name = "y" });
        return graph;
    }

    private static double[] AllValues(GraphProto graph) =>
        [.. Draw(TestModels.Model(graph), 0).SelectMany(sample => sample.Inputs["x"].ToDoubles())];

    private static OrtTensor First(ModelProto model, int seed) => Draw(model, seed)[0].Inputs["x"];

    private static ComparisonSample[] Draw(ModelProto model, int seed)
    {
        using ModelRunner runner = ModelRunner.Open(TestModels.Bytes(model), "model");
        ComparisonSample[] samples = [
            .. new SyntheticInputSource(new OnnxModel(model)) { Seed = seed, Limit = 4 }.Prepare(runner).Samples];
        Assert.All(samples, sample => runner.Run(sample.Inputs));
        return samples;
    }
}
