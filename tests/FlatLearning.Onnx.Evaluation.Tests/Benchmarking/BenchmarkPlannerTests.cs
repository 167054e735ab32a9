using FlatLearning.Onnx.Evaluation.Benchmarking;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Evaluation.Tests.Benchmarking;

/// <summary>Inputs and contestants of a benchmark, chosen for all models at once.</summary>
public sealed class BenchmarkPlannerTests
{
    [Fact]
    public void Plan_ModelsThatFixDifferentDimensions_GetInputsThatFitBoth()
    {
        using TemporaryFolder folder = new();
        string a = folder.Write("a.onnx", ComparisonModels.Unary("Relu", DataType.Float, "n", 24, "c"));
        string b = folder.Write("b.onnx", ComparisonModels.Unary("Relu", DataType.Float, "n", "t", 6));
        BatchPlan plan = Assert.Single(Plan(folder, [], a, b).Batches);
        Assert.Equal([1L, 24, 6], InputFile.Read(plan.File)["x"].Shape.ToArray());
        Assert.Equal(1, plan.Batch);
        Assert.Equal(["x float[1,24,6]"], plan.Inputs);
    }

    [Fact]
    public void Plan_SizeThatOneModelFailsWith_IsReplacedForAll()
    {
        using TemporaryFolder folder = new();
        string any = folder.Write("any.onnx", ComparisonModels.Unary("Relu", DataType.Float, "n", "t"));
        string few = folder.Write("few.onnx", FourColumns());
        Assert.Equal([1L, 4], InputFile.Read(Plan(folder, [], any, few).Batches[0].File)["x"].Shape.ToArray());
    }

    [Fact]
    public void Plan_Batches_GoIntoTheOpenFirstDimension()
    {
        using TemporaryFolder folder = new();
        string model = folder.Write("a.onnx", ComparisonModels.TwoLayers(1, 1, 2, 3, 4));
        BenchmarkPlan plan = Plan(folder, [1, 8], model);
        Assert.Equal([1, 8], plan.Batches.Select(batch => batch.Batch));
        Assert.Equal([8L, 2], InputFile.Read(plan.Batches[1].File)["x"].Shape.ToArray());

        // Two products of 2 x 2: 2 * 2 * 2 * 2 operations for each row.
        Assert.Equal([16.0, 8 * 16], plan.Batches.Select(batch => batch.Work[0].Flops!.Value));
        Assert.Equal(2 * 4 * sizeof(float), plan.Batches[0].Work[0].WeightBytes);
    }

    [Fact]
    public void Plan_SameSeed_GivesTheSameInputsAndAnotherSeedOthers()
    {
        using TemporaryFolder folder = new();
        string model = folder.Write("a.onnx", ComparisonModels.TwoLayers(1, 1, 2, 3, 4));
        byte[] Values(int seed)
        {
            BenchmarkRequest request = new() { Models = [new BenchmarkModel(model)], Seed = seed };
            return InputFile.Read(BenchmarkPlanner.Plan(request, folder.Path).Batches[0].File)["x"].Bytes.ToArray();
        }

        Assert.Equal(Values(1), Values(1));
        Assert.NotEqual(Values(1), Values(2));
    }

    [Fact]
    public void Plan_BatchThatTheModelFixes_IsRefusedUnlessItIsThatOne()
    {
        using TemporaryFolder folder = new();
        string model = folder.Write("a.onnx", TestModels.Linear(4, 3, _ => 1));
        Assert.Equal(1, Plan(folder, [1], model).Batches[0].Batch);
        Assert.Contains(
            "fix it at 1",
            Assert.Throws<UsageException>(() => Plan(folder, [8], model)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DataType.Double, new object[] { "n", 3 })]
    [InlineData(DataType.Float, new object[] { "n", 4 })]
    [InlineData(DataType.Float, new object[] { "n", 3, 1 })]
    public void Plan_ModelsWithInputsThatNoTensorFits_AreRefused(DataType type, object[] dims)
    {
        using TemporaryFolder folder = new();
        string a = folder.Write("a.onnx", ComparisonModels.Unary("Abs", DataType.Float, "n", 3));
        string b = folder.Write("b.onnx", ComparisonModels.Unary("Abs", type, dims));
        Assert.Contains(
            "same inputs",
            Assert.Throws<UsageException>(() => Plan(folder, [], a, b)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_InputsFromAFile_AreItsFirstRows()
    {
        using TemporaryFolder folder = new();
        string model = folder.Write("a.onnx", ComparisonModels.TwoLayers(1, 1, 2, 3, 4));
        string npz = folder.WriteNpz("in.npz", ("x", ComparisonModels.Singles([3, 2], 1, 2, 3, 4, 5, 6)));
        BenchmarkRequest request = new() { Models = [new BenchmarkModel(model)], Inputs = npz, Batches = [2] };
        OrtTensor x = InputFile.Read(BenchmarkPlanner.Plan(request, folder.Path).Batches[0].File)["x"];
        Assert.Equal([1f, 2, 3, 4], x.AsSpan<float>().ToArray());
        string refused = Assert.Throws<UsageException>(
            () => BenchmarkPlanner.Plan(request with { Batches = [4] }, folder.Path)).Message;
        Assert.Contains("3 rows", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_PlainModel_IsRunWithoutTheLibraryUnlessToldOtherwise()
    {
        using TemporaryFolder folder = new();
        string model = folder.Write("a.onnx", TestModels.Linear(4, 3, _ => 1));
        BenchmarkRequest request =
            new() { Models = [new BenchmarkModel(model)], DefaultLibrary = "/none/library.so", Portable = true };
        Assert.Equal(
            [new Contestant(model, null, Contestant.Plain)], BenchmarkPlanner.Plan(request, folder.Path).Contestants);
        BenchmarkModel withLibrary = new(model) { HasOwnLibrary = true, Library = "/none/library.so" };
        Assert.Contains(
            "/none/library.so",
            Assert.Throws<UsageException>(
                () => BenchmarkPlanner.Plan(request with { Models = [withLibrary] }, folder.Path)).Message,
            StringComparison.Ordinal);
    }

    private static BenchmarkPlan Plan(TemporaryFolder folder, int[] batches, params string[] models) =>
        BenchmarkPlanner.Plan(
            new BenchmarkRequest { Models = [.. models.Select(path => new BenchmarkModel(path))], Batches = batches },
            folder.Path);

    /// <summary>y = x + (1, 2, 3, 4), x of [n, t]: runs with t of 4 and 1 only.</summary>
    private static ModelProto FourColumns()
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(ComparisonModels.Open("x", DataType.Float, "n", "t"));
        graph.Output.Add(new ValueInfoProto { Name = "y" });
        graph.Initializer.Add(FlatLearning.Onnx.Tensors.TensorWriter.Float32("b", [4], [1, 2, 3, 4]));
        graph.Node.Add(TestModels.Node("Add", ["x", "b"], ["y"]));
        return TestModels.Model(graph);
    }
}
