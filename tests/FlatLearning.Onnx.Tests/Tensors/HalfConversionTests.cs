using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Tests.Tensors;

/// <summary>Every pattern of the 16-bit types, against their definition in float64.</summary>
public sealed class HalfConversionTests
{
    private const int Patterns = 1 << 16;

    [Fact]
    public void ToSingles_EveryFloat16_IsTheDefinedValue()
    {
        Half[] source = [.. Enumerable.Range(0, Patterns).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits))];
        float[] result = new float[Patterns];
        HalfConversion.ToSingles(source, result);

        for (int bits = 0; bits < Patterns; bits++)
        {
            AssertSame(Defined(bits, exponentBits: 5, mantissaBits: 10), result[bits], bits);
        }
    }

    [Fact]
    public void BrainToSingles_EveryBfloat16_IsTheDefinedValue()
    {
        ushort[] source = [.. Enumerable.Range(0, Patterns).Select(bits => (ushort)bits)];
        float[] result = new float[Patterns];
        HalfConversion.BrainToSingles(source, result);

        for (int bits = 0; bits < Patterns; bits++)
        {
            AssertSame(Defined(bits, exponentBits: 8, mantissaBits: 7), result[bits], bits);
        }
    }

    [Fact]
    public void BrainToSingles_EveryShortLength_FillsExactlyThatMany()
    {
        for (int length = 0; length <= 70; length++)
        {
            ushort[] source = [.. Enumerable.Range(0, length).Select(i => (ushort)(0x3f80 + i))];
            float[] result = new float[length + 1];
            result[length] = 77;
            HalfConversion.BrainToSingles(source, result);

            Assert.Equal(source.Select(bits => (float)Defined(bits, 8, 7)).Append(77), result);
        }
    }

    [Fact]
    public void ToHalves_BetweenNeighbours_RoundsToNearestTiesToEven()
    {
        // Positive finite neighbours a, b: below the middle a, above it b, and in the middle the one with the even
        // pattern.
        const int LargestFinite = 0x7bff;
        float[] source = new float[LargestFinite * 3];
        ushort[] expected = new ushort[source.Length];
        for (int bits = 0; bits < LargestFinite; bits++)
        {
            float middle = (float)((Defined(bits, 5, 10) + Defined(bits + 1, 5, 10)) / 2);
            (source[bits * 3], expected[bits * 3]) = (MathF.BitDecrement(middle), (ushort)bits);
            (source[(bits * 3) + 1], expected[(bits * 3) + 1]) = (middle, (ushort)(bits % 2 == 0 ? bits : bits + 1));
            (source[(bits * 3) + 2], expected[(bits * 3) + 2]) = (MathF.BitIncrement(middle), (ushort)(bits + 1));
        }

        Half[] result = new Half[source.Length];
        HalfConversion.ToHalves(source, result);
        Assert.Equal(expected, result.Select(BitConverter.HalfToUInt16Bits));
    }

    /// <summary>
    /// The value of a sign-exponent-mantissa pattern of 16 bits by the definition of IEEE 754 formats.
    /// </summary>
    private static double Defined(int bits, int exponentBits, int mantissaBits)
    {
        int bias = (1 << (exponentBits - 1)) - 1;
        int exponent = (bits >> mantissaBits) & ((1 << exponentBits) - 1);
        double fraction = (bits & ((1 << mantissaBits) - 1)) / Math.Pow(2, mantissaBits);
        double sign = bits >> 15 == 0 ? 1 : -1;
        return exponent switch
        {
            0 => sign * fraction * Math.Pow(2, 1 - bias),
            _ when exponent == (1 << exponentBits) - 1 => fraction == 0 ? sign * double.PositiveInfinity : double.NaN,
            _ => sign * (1 + fraction) * Math.Pow(2, exponent - bias),
        };
    }

    private static void AssertSame(double expected, float actual, int bits)
    {
        bool same = double.IsNaN(expected)
            ? float.IsNaN(actual)
            : BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual);
        Assert.True(same, $"pattern {bits:x4}: {expected} expected, {actual} found");
    }
}
