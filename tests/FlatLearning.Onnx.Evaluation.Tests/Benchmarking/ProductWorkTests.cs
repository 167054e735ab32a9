using FlatLearning.Dyn;
using FlatLearning.Dyn.Tests.Support;
using FlatLearning.Onnx.Evaluation.Benchmarking;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Portable;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Portable;
using FlatLearning.Onnx.Tests.Support;
using Microsoft.ML.OnnxRuntime.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Evaluation.Tests.Benchmarking;

/// <summary>The formula for operations and bytes against counting, element by element, what a product does.</summary>
public sealed class ProductWorkTests
{
    [Fact]
    public void MatMul_WeightOnTheRight_CountsEveryMultiplicationAndAddition()
    {
        ProductWork work = Work("MatMul", [2, 5, 7], [7, 3], weightIsLeft: false);
        Assert.Equal(Count(2 * 5, 7, 3), work.Flops);
        Assert.Equal(7 * 3 * sizeof(float), work.WeightBytes);
        Assert.Equal(1, work.Products);
    }

    [Fact]
    public void MatMul_WeightOnTheLeft_CountsEveryMultiplicationAndAddition() =>
        Assert.Equal(4 * Count(3, 7, 5), Work("MatMul", [4, 7, 5], [3, 7], weightIsLeft: true).Flops);

    [Fact]
    public void MatMul_BatchOfWeights_CountsEachOfThem()
    {
        ProductWork work = Work("MatMul", [4, 2, 7], [4, 7, 3], weightIsLeft: false);
        Assert.Equal(4 * Count(2, 7, 3), work.Flops);
        Assert.Equal(4 * 7 * 3 * sizeof(float), work.WeightBytes);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Gemm_AnyOrientation_CountsEveryMultiplicationAndAddition(bool transposeX, bool transposeWeight)
    {
        ProductWork work = Work(
            "Gemm",
            transposeX ? [7, 5] : [5, 7],
            transposeWeight ? [3, 7] : [7, 3],
            weightIsLeft: false,
            TestModels.Int("transA", transposeX ? 1 : 0),
            TestModels.Int("transB", transposeWeight ? 1 : 0));
        Assert.Equal(Count(5, 7, 3), work.Flops);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gemm_WeightOnTheLeft_CountsEveryMultiplicationAndAddition(bool transposed) =>
        Assert.Equal(
            Count(3, 7, 5),
            Work(
                "Gemm",
                [7, 5],
                transposed ? [7, 3] : [3, 7],
                weightIsLeft: true,
                TestModels.Int("transA", transposed ? 1 : 0)).Flops);

    [Fact]
    public void Product_OfTwoInputs_IsNoWeight()
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(TestModels.Value("x", DataType.Float, 3, 3));
        graph.Output.Add(TestModels.Value("y", DataType.Float, 3, 3));
        graph.Node.Add(TestModels.Node("MatMul", ["x", "x"], ["y"]));
        ProductWork work = Measure(TestModels.Model(graph), [3, 3]).Stored;
        Assert.Equal(new ProductWork(0, 0, 0), work);
    }

    [Fact]
    public void ModelThatCannotBeProbed_HasNoOperationsRatherThanWrongOnes()
    {
        OnnxModel model = new(TestModels.Linear(4, 3, _ => 1));
        OrtTensor wrong = OrtTensor.Allocate(TensorElementType.Float, 1, 5);
        Assert.Null(
            new ProductProbe(model, new RunnerOptions()).Measure(
                new Dictionary<string, OrtTensor> { ["x"] = wrong }).Stored.Flops);
    }

    [Fact]
    public void DynMatMul_CountsTheSameOperationsAndItsStoredBytes()
    {
        DynWeight weight = PortableWeight();
        const int Rows = 5;
        ModelProto model = DynModel.Create(weight, DynStructure.Of(weight, 17, out _)!, 17);
        (ProductWork stored, ProductWork dense) = Measure(model, [Rows, weight.Rows]);
        Assert.Equal(Count(Rows, weight.Rows, weight.Columns), stored.Flops);
        Assert.Equal(weight.StoredBytes, stored.WeightBytes);
        Assert.Equal((long)weight.Rows * weight.Columns * sizeof(float), dense.WeightBytes);
    }

    /// <summary>Operations of an M x K by K x N product, one by one.</summary>
    private static double Count(int m, int k, int n)
    {
        double operations = 0;
        for (int element = 0; element < m * n; element++)
        {
            for (int i = 0; i < k; i++)
            {
                operations += 2;
            }
        }

        return operations;
    }

    private static ProductWork Work(
        string type, long[] x, long[] weight, bool weightIsLeft, params AttributeProto[] attributes)
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(TestModels.Value("x", DataType.Float, x));
        graph.Output.Add(new ValueInfoProto { Name = "z" });
        graph.Initializer.Add(TensorWriter.Float32("W", weight, new float[weight.Aggregate(1L, (a, b) => a * b)]));
        graph.Node.Add(TestModels.Node(type, weightIsLeft ? ["W", "x"] : ["x", "W"], ["y"], attributes));
        graph.Node.Add(TestModels.Node("Relu", ["y"], ["z"]));
        return Measure(TestModels.Model(graph), x).Stored;
    }

    private static (ProductWork Stored, ProductWork Dense) Measure(ModelProto model, long[] x) =>
        new ProductProbe(new OnnxModel(model), new RunnerOptions()).Measure(
            new Dictionary<string, OrtTensor> { ["x"] = OrtTensor.Allocate(TensorElementType.Float, x) });

    private static DynWeight PortableWeight() => WeightGenerator.Create(new WeightCase { Bits = 4 });
}
