using FlatLearning.Fitting.Codes;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>
/// Weights of a few rows or columns: padding and scales of a product would be most of what is stored.
/// </summary>
public sealed class NarrowWeightTests
{
    /// <summary>Bits of scales and codebook that an element may take besides its code.</summary>
    private const double MaxExtraBits = 1.5;

    [Theory]
    [InlineData(1 << 15, 1)]
    [InlineData(1, 1 << 15)]
    [InlineData(1 << 14, 2)]
    [InlineData(3, 10_001)]
    [InlineData(7, 5_000)]
    [InlineData(6_000, 5)]
    [InlineData(1 << 18, 1)]
    [InlineData(2, 1 << 17)]
    [InlineData(1, 1 << 13)]
    [InlineData(1 << 13, 1)]
    public void Convert_ProductOfAFewRowsOrColumns_TakesTheBitsAskedFor(int rows, int columns)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, rows).Output("y")
            .Weight("w", DataType.Float, rows, columns)
            .Node("MatMul", ["x", "w"], "y");

        WeightReport weight = ConversionCheck.Converts(builder).Weights.Single();

        Assert.InRange(weight.BitsPerWeight, 8, 8 + MaxExtraBits);
    }

    [Theory]
    [InlineData("Gemm", 1 << 14, 1)]
    [InlineData("Gemm", 1, 1 << 14)]
    [InlineData("left", 1, 1 << 14)]
    [InlineData("left", 1 << 14, 2)]
    public void Convert_OtherProducts_TakeTheBitsAskedFor(string kind, int first, int second)
    {
        // Both see the weight the other way round: N x K.
        ModelBuilder builder = new ModelBuilder().Output("y").Weight("w", DataType.Float, first, second);
        builder = kind == "Gemm"
            ? builder.Input("x", DataType.Float, 3, second).Node("Gemm", ["x", "w"], "y", TestModels.Int("transB", 1))
            : builder.Input("x", DataType.Float, second, 3).Node("MatMul", ["w", "x"], "y");

        WeightReport weight = ConversionCheck.Converts(builder).Weights.Single();

        Assert.InRange(weight.BitsPerWeight, 8, 8 + MaxExtraBits);
    }

    [Fact]
    public void Convert_MoreElementsThanAnyBundleHas_IsQuick()
    {
        // As codes of eight columns each this took minutes, to find that nothing was gained.
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 1, 1 << 20).Output("y")
            .Weight("w", DataType.Float, 1 << 20, 1)
            .Node("MatMul", ["x", "w"], "y");
        ConvertOptions options = new() { Plan = new UniformCodesPlan { Bits = 2, Taps = 1 } };

        WeightReport weight = ConversionCheck.Convert(builder, 1, options).Weights.Single();

        Assert.InRange(weight.BitsPerWeight, 2, 2 + MaxExtraBits);
    }

    [Fact]
    public void Convert_ShortVectorsAndVectorsOfOtherOperators_Stay()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, 4000).Output("y")
            .Weight("short", DataType.Float, 4000, 1)
            .Weight("scale", DataType.Float, 1, 1 << 15)
            .Node("MatMul", ["x", "short"], "a")
            .Node("Mul", ["a", "scale"], "y");

        ConvertedModel converted = ConversionCheck.Convert(builder, 0);

        Assert.Contains("is no smaller", converted.Weights[0].SkippedReason, StringComparison.Ordinal);
        Assert.Contains("vector", converted.Weights[1].SkippedReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_UsualShapes_AreMultipliedAsTheyAreStored()
    {
        foreach ((int rows, int columns) in ((int, int)[])[(16, 512), (512, 8), (32, 32), (2000, 16), (20, 2000)])
        {
            ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, rows).Output("y")
                .Weight("w", DataType.Float, rows, columns)
                .Node("MatMul", ["x", "w"], "y");

            Assert.Null(ConversionCheck.Convert(builder, 1).Weights.Single().Dense);
        }
    }
}
