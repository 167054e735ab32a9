using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>MatMul with its weight on either side and x of every rank.</summary>
public sealed class MatMulConversionTests
{
    private const int K = 48;
    private const int N = 65;

    [Theory]
    [InlineData(new long[] { K })]
    [InlineData(new long[] { 1, K })]
    [InlineData(new long[] { 5, K })]
    [InlineData(new long[] { 0, K })]
    [InlineData(new long[] { 2, 3, K })]
    [InlineData(new long[] { 2, 0, K })]
    [InlineData(new long[] { 2, 3, 4, K })]
    [InlineData(new long[] { 1, 2, 1, 3, K })]
    public void MatMul_WeightOnTheRight_IsConverted(long[] x)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, x)
            .Weight("W", DataType.Float, K, N)
            .Node("MatMul", ["x", "W"], "y")
            .Output("y");

        ConvertedModel converted = ConversionCheck.Converts(builder);

        Assert.Equal("DynMatMul", Assert.Single(converted.Model.Proto.Graph.Node).OpType);
        Assert.DoesNotContain(converted.Model.Proto.Graph.Initializer, tensor => tensor.Name == "W");
    }

    [Theory]
    [InlineData(new long[] { K, 5 })]
    [InlineData(new long[] { K, 1 })]
    [InlineData(new long[] { 3, K, 5 })]
    [InlineData(new long[] { 2, 3, K, 5 })]
    [InlineData(new long[] { 3, K, 0 })]
    public void MatMul_WeightOnTheLeft_IsConvertedAsItsTranspose(long[] x)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, x)
            .Weight("W", DataType.Float, N, K)
            .Node("MatMul", ["W", "x"], "y")
            .Output("y");

        ConvertedModel converted = ConversionCheck.Converts(builder);

        Assert.Equal(
            ["Transpose", "DynMatMul", "Transpose"], converted.Model.Proto.Graph.Node.Select(node => node.OpType));
    }

    [Theory]
    [InlineData(new long[] { 1, K, N }, new long[] { 4, 3, K })]
    [InlineData(new long[] { 1, 1, K, N }, new long[] { 2, 4, 3, K })]
    public void MatMul_WeightWithLeadingOnes_IsConverted(long[] weight, long[] x)
    {
        ConversionCheck.Converts(
            new ModelBuilder().Input("x", DataType.Float, x)
                .Weight("W", DataType.Float, weight)
                .Node("MatMul", ["x", "W"], "y")
                .Output("y"));
    }

    [Fact]
    public void MatMul_WeightWithMoreDimensionsThanX_IsDense()
    {
        ConversionCheck.KeepsDense(
            new ModelBuilder().Input("x", DataType.Float, 3, K)
                .Weight("W", DataType.Float, 1, K, N)
                .Node("MatMul", ["x", "W"], "y")
                .Output("y"),
            "W",
            "rank of 'x'");
    }

    [Fact]
    public void MatMul_WeightOnTheLeftOfAVector_IsDense()
    {
        ConversionCheck.KeepsDense(
            new ModelBuilder().Input("x", DataType.Float, K)
                .Weight("W", DataType.Float, N, K)
                .Node("MatMul", ["W", "x"], "y")
                .Output("y"),
            "W",
            "rank of 'x'");
    }

    [Fact]
    public void MatMul_WeightOnTheLeftOfAValueOfUnknownRank_IsDense()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, K, 4)
            .Weight("W", DataType.Float, N, K)
            .Node("MatMul", ["W", "x"], "y")
            .Output("y");
        builder.Graph.Input[0].Type.TensorType.Shape = null;

        ConversionCheck.KeepsDense(builder, "W", "rank of 'x'", "not known");
    }

    [Fact]
    public void MatMul_BatchOfWeights_IsDense()
    {
        ConversionCheck.KeepsDense(
            new ModelBuilder().Input("x", DataType.Float, 3, 2, K)
                .Weight("W", DataType.Float, 3, K, N)
                .Node("MatMul", ["x", "W"], "y")
                .Output("y"),
            "W",
            "batched",
            "[3,48,65]");
    }

    [Fact]
    public void MatMul_OfTwoConstants_IsDense()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, N)
            .Weight("A", DataType.Float, 3, K)
            .Weight("W", DataType.Float, K, N)
            .Node("MatMul", ["A", "W"], "p").Node("Add", ["p", "x"], "y").Output("y");

        ConversionCheck.KeepsDense(builder, "W", "both operands");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MatMul_WithConstantAddedBehind_TakesItAsBias(bool productFirst)
    {
        ModelBuilder builder = Added([N], productFirst).Output("y");

        ConvertedModel converted = ConversionCheck.Converts(builder);

        Assert.Equal("DynMatMul", Assert.Single(converted.Model.Proto.Graph.Node).OpType);
    }

    [Fact]
    public void MatMul_WithNewBiasAddedBehind_KeepsNoSecondCopy()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 2, 3, K)
            .Weight("W", DataType.Float, K, N)
            .Weight("b", DataType.Float, 1, N)
            .Node("MatMul", ["x", "W"], "p")
                .Integers("shape", N)
                .Node("Reshape", ["b", "shape"], "r")
                .Node("Add", ["p", "r"], "y")
                .Output("y");

        ConvertedModel converted = ConversionCheck.Converts(builder);

        Assert.Equal("DynMatMul", Assert.Single(converted.Model.Proto.Graph.Node).OpType);
        Assert.DoesNotContain(converted.Model.Proto.Graph.Initializer, tensor => tensor.Name == "b");
    }

    [Theory]
    [InlineData(new long[] { 3, N })]
    [InlineData(new long[] { 1, 1, 1, N })]
    [InlineData(new long[] { 1 })]
    public void MatMul_WithOtherConstantAddedBehind_KeepsTheAdd(long[] addend)
    {
        ConvertedModel converted = ConversionCheck.Converts(Added(addend, true).Output("y"));

        Assert.Equal(["DynMatMul", "Add"], converted.Model.Proto.Graph.Node.Select(node => node.OpType));
    }

    [Fact]
    public void MatMul_WhoseProductIsReadTwice_KeepsTheAdd()
    {
        ConvertedModel converted = ConversionCheck.Converts(Added([N], true).Node("Mul", ["p", "y"], "z").Output("z"));

        Assert.Equal(["DynMatMul", "Add", "Mul"], converted.Model.Proto.Graph.Node.Select(node => node.OpType));
    }

    [Fact]
    public void MatMul_WhoseProductIsAnOutput_KeepsTheAdd()
    {
        ConvertedModel converted = ConversionCheck.Converts(Added([N], true).Output("p").Output("y"));

        Assert.Equal(["DynMatMul", "Add"], converted.Model.Proto.Graph.Node.Select(node => node.OpType));
    }

    private static ModelBuilder Added(long[] addend, bool productFirst) => new ModelBuilder()
        .Input("x", DataType.Float, 2, 3, K).Weight("W", DataType.Float, K, N).Weight("b", DataType.Float, addend)
        .Node("MatMul", ["x", "W"], "p").Node("Add", productFirst ? ["p", "b"] : ["b", "p"], "y");
}
