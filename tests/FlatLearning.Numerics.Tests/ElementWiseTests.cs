using FlatLearning.Testing;

namespace FlatLearning.Numerics.Tests;

public sealed class ElementWiseTests
{
    private const double SmallestNormal = 1.1754943508222875e-38;

    private delegate void SpanFunction(ReadOnlySpan<float> x, Span<float> destination);

    [Fact]
    public void Exp_DenseSweep_StaysWithinStatedError() => Sweep(ElementWise.Exp, Math.Exp, -110, 88.72);

    [Fact]
    public void Sigmoid_DenseSweep_StaysWithinStatedError() =>
        Sweep(ElementWise.Sigmoid, x => 1 / (1 + Math.Exp(-x)), -110, 110);

    [Fact]
    public void Functions_SpecialValues_FollowTheirLimits()
    {
        float[] x = [
            float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, 0f, -0f,
            float.Epsilon, 1e5f, -1e5f];
        float[] exp = [
            float.NaN, float.PositiveInfinity, 0f, float.PositiveInfinity, 0f, 1f, 1f, 1f, float.PositiveInfinity, 0f];
        float[] sigmoid = [float.NaN, 1f, 0f, 1f, 0f, 0.5f, 0.5f, 0.5f, 1f, 0f];

        // Every value in every lane of every register width.
        for (int i = 0; i < x.Length; i++)
        {
            float[] many = new float[31];
            Array.Fill(many, x[i]);
            float[] actual = new float[many.Length];
            ElementWise.Exp(many, actual);
            Assert.All(actual, value => Assert.Equal(exp[i], value));
            ElementWise.Sigmoid(many, actual);
            Assert.All(actual, value => Assert.Equal(sigmoid[i], value));
        }
    }

    [Fact]
    public void Functions_EveryLengthInGuardedMemory_WriteEveryElement()
    {
        foreach (GuardedEnd end in (GuardedEnd[])[GuardedEnd.First, GuardedEnd.Last])
        {
            for (int length = 0; length <= 257; length++)
            {
                using GuardedMemory<float> source = new(length, end);
                using GuardedMemory<float> destination = new(length, end);
                for (int i = 0; i < length; i++)
                {
                    source.Span[i] = (i * 0.07f) - 9;
                }

                Check(ElementWise.Exp, Math.Exp, source.Span, destination.Span);
                Check(ElementWise.Sigmoid, x => 1 / (1 + Math.Exp(-x)), source.Span, destination.Span);
            }
        }
    }

    [Fact]
    public void Functions_InPlace_Work()
    {
        float[] x = [0.5f, 1.5f, -2f, 3f, 4f, 5f, 6f, 7f, -8f];
        float[] expected = new float[x.Length];
        ElementWise.Sigmoid(x, expected);
        ElementWise.Sigmoid(x, x);
        Assert.Equal(expected, x);
    }

    [Fact]
    public void Functions_ShiftedOverlapOrOtherLength_Throw()
    {
        float[] x = new float[20];
        Assert.Throws<ArgumentException>(() => ElementWise.Exp(x.AsSpan(0, 10), x.AsSpan(1, 10)));
        Assert.Throws<ArgumentException>(() => ElementWise.Exp(x.AsSpan(0, 10), new float[9]));
    }

    private static void Sweep(SpanFunction function, Func<double, double> oracle, double from, double to)
    {
        const int Steps = 1 << 20;
        float[] x = new float[Steps];
        for (int i = 0; i < Steps; i++)
        {
            x[i] = (float)(from + ((to - from) * i / (Steps - 1)));
        }

        Check(function, oracle, x, new float[Steps]);
    }

    private static void Check(
        SpanFunction function, Func<double, double> oracle, ReadOnlySpan<float> x, Span<float> actual)
    {
        actual.Fill(float.NaN);
        function(x, actual);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = oracle(x[i]);
            double max = expected >= SmallestNormal ? ElementWise.MaxRelativeError * expected : SmallestNormal;
            double error = Math.Abs(actual[i] - expected);
            if (!(error <= max))
            {
                Assert.Fail($"at {x[i]} the result is {actual[i]}, expected {expected}, error {error} over {max}");
            }
        }
    }
}
