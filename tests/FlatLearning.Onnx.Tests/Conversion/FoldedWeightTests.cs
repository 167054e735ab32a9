using FlatLearning.Fitting.Codes;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using AttributeType = FlatLearning.Onnx.Proto.AttributeProto.Types.AttributeType;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>
/// Weights that are no initializers of the right shape: behind other nodes, in Constant nodes, sparse.
/// </summary>
public sealed class FoldedWeightTests
{
    private const int K = 48;
    private const int N = 65;

    [Fact]
    public void Weight_BehindTranspose_IsConvertedAndTheTransposeGoes() => OnlyDynMatMulIsLeft(
        Base().Weight("W", DataType.Float, N, K).Node("Transpose", ["W"], "v", TestModels.Ints("perm", 1, 0)));

    [Fact]
    public void Weight_BehindReshape_IsConvertedAndTheReshapeGoes() => OnlyDynMatMulIsLeft(
        Base().Weight("W", DataType.Float, N, 6, 8).Integers("shape", K, -1).Node("Reshape", ["W", "shape"], "v"));

    [Fact]
    public void Weight_BehindIdentity_IsConvertedAndTheIdentityGoes() => OnlyDynMatMulIsLeft(
        Base().Weight("W", DataType.Float, K, N).Node("Identity", ["W"], "v"));

    [Fact]
    public void Weight_BehindSqueeze_IsConvertedAndTheSqueezeGoes() => OnlyDynMatMulIsLeft(
        Base().Weight("W", DataType.Float, 1, K, N, 1).Integers("axes", 0, 3).Node("Squeeze", ["W", "axes"], "v"));

    [Fact]
    public void Weight_BehindCast_IsConvertedInTheTypeOfTheProduct()
    {
        ConvertedModel converted = OnlyDynMatMulIsLeft(
            Base()
                .Weight("W", DataType.Float16, K, N)
                .Node("Cast", ["W"], "v", TestModels.Int("to", (long)DataType.Float)));

        Assert.Equal("float16", converted.Weights[0].Dtype);
    }

    [Fact]
    public void Weight_BehindSeveralNodes_IsConvertedAndAllOfThemGo() => OnlyDynMatMulIsLeft(
        Base().Weight("W", DataType.Double, 1, N, K).Integers("axes", 0)
            .Node("Cast", ["W"], "a", TestModels.Int("to", (long)DataType.Float))
            .Node("Squeeze", ["a", "axes"], "b")
            .Node("Transpose", ["b"], "v"));

    [Theory]
    [InlineData(DataType.Float)]
    [InlineData(DataType.Float16)]
    public void Weight_BehindDequantizeLinear_IsConvertedInTheTypeOfTheScale(DataType type)
    {
        ModelBuilder builder = new ModelBuilder(19, 9).Input("x", type, 3, K)
            .Output("y", type)
            .Weight("W", DataType.Int8, K, N);
        builder.Graph.Initializer.Add(type == DataType.Float
            ? TensorWriter.Float32("scale", [N], [.. Enumerable.Range(1, N).Select(n => n / 1000f)])
            : TensorWriter.Float16("scale", [N], [.. Enumerable.Range(1, N).Select(n => n / 1000f)]));
        builder.Node("DequantizeLinear", ["W", "scale"], "v", TestModels.Int("axis", 1))
            .Node("MatMul", ["x", "v"], "y");
        ConvertOptions options = ConversionCheck.Options with { Plan = new UniformCodesPlan(), Requantize = true };

        // 4 bits lose about a tenth of a uniform weight.
        ConversionCheck.Converts(
            builder, options: options,
            tolerance: type == DataType.Float ? ConversionCheck.RoundingTolerance : ElementTypeTests.HalfTolerance,
                loss: 0.2);
    }

    [Fact]
    public void Weight_InAConstantNode_IsConverted()
    {
        ModelBuilder builder = Base();
        OnlyDynMatMulIsLeft(
            builder.Node(
                "Constant", [], "v", TestModels.Tensor("value", builder.Tensor(string.Empty, DataType.Float, K, N))));
    }

    [Fact]
    public void Weight_InAConstantNodeAsListOfFloats_IsConverted()
    {
        ModelBuilder builder = Base().Integers("shape", K, N);
        AttributeProto floats = new() { Name = "value_floats", Type = AttributeType.Floats };
        floats.Floats.Add(builder.Random(DataType.Float, K * N).AsSpan<float>().ToArray());
        builder.Node("Constant", [], "w", floats).Node("Reshape", ["w", "shape"], "v").Node("MatMul", ["x", "v"], "y");

        ConversionCheck.Converts(builder);
    }

    [Fact]
    public void Weight_InAConstantNodeAsSparseTensor_IsConverted()
    {
        ModelBuilder builder = Base();
        AttributeProto sparse =
            new() { Name = "sparse_value", Type = AttributeType.SparseTensor, SparseTensor = Sparse("s") };
        builder.Node("Constant", [], "v", sparse).Node("MatMul", ["x", "v"], "y");

        ConversionCheck.Converts(builder);
    }

    [Fact]
    public void Weight_AsSparseInitializer_IsConverted()
    {
        ModelBuilder builder = Base();
        builder.Graph.SparseInitializer.Add(Sparse("v"));

        ConvertedModel converted = OnlyDynMatMulIsLeft(builder);

        Assert.Empty(converted.Model.Proto.Graph.SparseInitializer);
    }

    [Fact]
    public void Weight_BehindANodeThatIsNotFolded_IsDense() => ConversionCheck.KeepsDense(
        Base().Weight("W", DataType.Float, K, N).Node("Relu", ["W"], "v").Node("MatMul", ["x", "v"], "y"), "W", "Relu");

    [Fact]
    public void Reshape_OfAnInput_IsNotTouched()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 2, 3, K)
            .Integers("shape", -1, K)
            .Weight("W", DataType.Float, K, N)
            .Node("Reshape", ["x", "shape"], "r").Node("MatMul", ["r", "W"], "y").Output("y");

        ConversionCheck.Converts(builder);
    }

    private static ModelBuilder Base() => new ModelBuilder().Input("x", DataType.Float, 3, K).Output("y");

    private static ConvertedModel OnlyDynMatMulIsLeft(ModelBuilder builder)
    {
        ConvertedModel converted = ConversionCheck.Converts(builder.Node("MatMul", ["x", "v"], "y"));
        Assert.Equal("DynMatMul", Assert.Single(converted.Model.Proto.Graph.Node).OpType);
        return converted;
    }

    /// <summary>[K, N] with every other element zero.</summary>
    private static SparseTensorProto Sparse(string name)
    {
        const int Count = K * N / 2;
        ModelBuilder random = new();
        TensorProto values = random.Tensor(name, DataType.Float, Count);
        return new SparseTensorProto
        {
            Values = values,
            Indices = TensorWriter.Int64("i", [Count], [.. Enumerable.Range(0, Count).Select(i => 2L * i)]),
            Dims = { K, N },
        };
    }
}
