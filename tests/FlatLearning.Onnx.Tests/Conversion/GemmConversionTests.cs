using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using AttributeType = FlatLearning.Onnx.Proto.AttributeProto.Types.AttributeType;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Gemm in all of its forms, its weight on either side.</summary>
public sealed class GemmConversionTests
{
    private const int M = 5;
    private const int K = 48;
    private const int N = 65;

    public static TheoryData<int> Combinations => [.. Enumerable.Range(0, 16)];

    /// <summary>Shapes of C; its number of dimensions is that of the text, "-" for none.</summary>
    public static TheoryData<string, bool> Biases
    {
        get
        {
            TheoryData<string, bool> cases = [];
            foreach (string shape in (string[])["65", "1,65", "1", "", "1,1", "5,1", "5,65"])
            {
                cases.Add(shape, true);
                cases.Add(shape, false);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Gemm_WeightOnTheRight_IsConvertedForEveryAttribute(int combination) =>
        ConversionCheck.Converts(Right(combination, [N]));

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Gemm_WeightOnTheLeft_IsConvertedForEveryAttribute(int combination) =>
        ConversionCheck.Converts(Left(combination, [M]));

    [Theory]
    [MemberData(nameof(Biases))]
    public void Gemm_BiasOfEveryShape_IsKept(string shape, bool isConstant)
    {
        foreach (int combination in (int[])[0, 8])
        {
            ConversionCheck.Converts(Right(combination, Dims(shape), isConstant));
        }
    }

    [Theory]
    [InlineData("5")]
    [InlineData("65,1")]
    [InlineData("65,5")]
    [InlineData("1")]
    public void Gemm_WeightOnTheLeft_KeepsBiasOfEveryShape(string shape)
    {
        foreach (int combination in (int[])[0, 8])
        {
            ConversionCheck.Converts(Left(combination, Dims(shape)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    public void Gemm_WithoutBias_IsConverted(int combination)
    {
        ModelBuilder builder = Right(combination, [N]);
        builder.Graph.Node[0].Input.RemoveAt(2);
        builder.Graph.Initializer.RemoveAt(1);

        ConversionCheck.Converts(builder);
    }

    [Fact]
    public void Gemm_BetaZero_LeavesTheBiasOut()
    {
        ModelBuilder builder = Right(0, [N]);
        builder.Graph.Node[0].Attribute.Add(Float("beta", 0));

        ConvertedModel converted = ConversionCheck.Converts(builder);

        Assert.DoesNotContain(converted.Model.Proto.Graph.Node, node => node.Input.Contains("c"));
    }

    [Fact]
    public void Gemm_ZeroRows_IsConverted()
    {
        ModelBuilder builder = Right(0, [N]);
        builder.Feeds["x"] = builder.Random(DataType.Float, 0, K);

        ConversionCheck.Converts(builder);
    }

    [Fact]
    public void Gemm_BiasBehindIdentity_IsConvertedAndTheIdentityGoes()
    {
        ModelBuilder builder = Right(0, [N]);
        builder.Graph.Node[0].Input[2] = "ci";
        builder.Graph.Node.Insert(0, TestModels.Node("Identity", ["c"], ["ci"]));

        ConvertedModel converted = ConversionCheck.Converts(builder);

        Assert.DoesNotContain(converted.Model.Proto.Graph.Initializer, tensor => tensor.Name == "c");
        Assert.DoesNotContain(converted.Model.Proto.Graph.Node, node => node.OpType == "Identity");
    }

    [Fact]
    public void Gemm_BiasSharedWithAnotherNode_StaysForThatNode()
    {
        ModelBuilder builder = Right(8, [N])
            .Node("Add", ["x2", "c"], "z")
            .Input("x2", DataType.Float, 2, N)
            .Output("z");

        ConversionCheck.Converts(builder);
    }

    [Fact]
    public void Gemm_AlphaNotFinite_KeepsItsWeightDense()
    {
        ModelBuilder builder = Right(0, [N]);
        builder.Graph.Node[0].Attribute.Add(Float("alpha", float.PositiveInfinity));

        ConversionCheck.BecomesDense(builder, "W", "alpha");
    }

    /// <summary>Bit 0 transposes A, bit 1 transposes B, bit 2 gives an alpha, bit 3 a beta.</summary>
    private static ModelBuilder Right(int combination, long[] bias, bool isConstant = true)
    {
        ModelBuilder builder = new ModelBuilder()
            .Input("x", DataType.Float, (combination & 1) != 0 ? [K, M] : [M, K])
            .Weight("W", DataType.Float, (combination & 2) != 0 ? [N, K] : [K, N]);
        builder = isConstant ? builder.Weight("c", DataType.Float, bias) : builder.Input("c", DataType.Float, bias);
        return builder.Node("Gemm", ["x", "W", "c"], "y", Attributes(combination)).Output("y");
    }

    private static ModelBuilder Left(int combination, long[] bias) => new ModelBuilder()
        .Input("x", DataType.Float, (combination & 2) != 0 ? [M, K] : [K, M])
        .Weight("W", DataType.Float, (combination & 1) != 0 ? [K, N] : [N, K])
        .Weight("c", DataType.Float, bias)
        .Node("Gemm", ["W", "x", "c"], "y", Attributes(combination))
        .Output("y");

    private static AttributeProto[] Attributes(int combination) =>
    [
        .. (combination & 1) != 0 ? [TestModels.Int("transA", 1)] : Array.Empty<AttributeProto>(),
        .. (combination & 2) != 0 ? [TestModels.Int("transB", 1)] : Array.Empty<AttributeProto>(),
        .. (combination & 4) != 0 ? [Float("alpha", -1.7f)] : Array.Empty<AttributeProto>(),
        .. (combination & 8) != 0 ? [Float("beta", 3.3f)] : Array.Empty<AttributeProto>(),
    ];

    private static AttributeProto Float(string name, float value) =>
        new() { Name = name, Type = AttributeType.Float, F = value };

    private static long[] Dims(string shape) =>
        [.. shape.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
}
