using FlatLearning.Testing;

namespace FlatLearning.Numerics.Tests;

public sealed class HalfConverterTests
{
    [Fact]
    public void ToSingle_EveryHalf_IsExact()
    {
        Half[] halves = new Half[65536];
        for (int i = 0; i < halves.Length; i++)
        {
            halves[i] = BitConverter.UInt16BitsToHalf((ushort)i);
        }

        float[] actual = new float[halves.Length];
        HalfConverter.ToSingle(halves, actual);
        for (int i = 0; i < halves.Length; i++)
        {
            AssertSame(Decode(i), actual[i], i);
        }
    }

    [Fact]
    public void ToSingle_EveryLengthInGuardedMemory_WritesEveryElement()
    {
        foreach (GuardedEnd end in (GuardedEnd[])[GuardedEnd.First, GuardedEnd.Last])
        {
            for (int length = 0; length <= 257; length++)
            {
                using GuardedMemory<Half> source = new(length, end);
                using GuardedMemory<float> destination = new(length, end);
                for (int i = 0; i < length; i++)
                {
                    source.Span[i] = BitConverter.UInt16BitsToHalf((ushort)((i * 211) + length));
                }

                destination.Span.Fill(float.NegativeZero);
                HalfConverter.ToSingle(source.Span, destination.Span);
                for (int i = 0; i < length; i++)
                {
                    AssertSame(Decode((ushort)((i * 211) + length)), destination.Span[i], i);
                }
            }
        }
    }

    [Fact]
    public void ToSingle_LengthsDiffer_Throws() =>
        Assert.Throws<ArgumentException>(() => HalfConverter.ToSingle(new Half[3], new float[4]));

    /// <summary>The value of a binary16 from its definition: sign, 5 bits of exponent, 10 bits of fraction.</summary>
    private static double Decode(int bits)
    {
        int exponent = (bits >> 10) & 31;
        int fraction = bits & 1023;
        double magnitude = exponent switch
        {
            0 => fraction * Math.Pow(2, -24),
            31 => fraction == 0 ? double.PositiveInfinity : double.NaN,
            _ => (1024 + fraction) * Math.Pow(2, exponent - 25),
        };
        return bits >> 15 == 0 ? magnitude : -magnitude;
    }

    private static void AssertSame(double expected, float actual, int index)
    {
        bool same = double.IsNaN(expected)
            ? float.IsNaN(actual)
            : expected == actual && double.IsNegative(expected) == float.IsNegative(actual);
        Assert.True(same, $"element {index} is {actual}, expected {expected}");
    }
}
