using FlatLearning.Benchmarks.Published;

namespace FlatLearning.Benchmarks.Tests.Published;

/// <summary>The baseline must be the published model exactly, or the comparison is with something else.</summary>
public class PublishedKernelTests
{
    /// <summary>float32 sums over at most a thousand terms, with exponentials good to 4e-7.</summary>
    private const double Tolerance = 2e-5;

    [Theory]
    [InlineData(1, 1, 1, 1, 1, 1)]
    [InlineData(5, 33, 6, 6, 3, 1)]
    [InlineData(21, 35, 7, 6, 5, 2)]
    [InlineData(16, 64, 13, 4, 2, 3)]
    public void Loss_RandomPoint_IsTheFormulasWithItsGradient(
        int rows, int columns, int d, int shifts, int width, int threads)
    {
        PublishedShape shape = new(rows, columns, d, shifts, width);
        (float[] w, AlignedArray theta) = Make(shape, scale: 1);
        AlignedArray gradient = new(shape.Length);
        double loss = new PublishedKernel(shape, w, threads).Loss(theta, gradient);

        DoubleModel model = new(rows, columns, d, shifts, width);
        double[] x = Array.ConvertAll(shape.Unpack(theta), value => (double)value);
        double expected = model.Loss(x, w);
        Assert.True(Math.Abs(loss - expected) < Tolerance * expected, $"{loss} against {expected}");
        double[] slope = model.Gradient(x, w);
        double largest = slope.Max(Math.Abs);
        float[] found = shape.Unpack(gradient);
        Assert.All(
            Enumerable.Range(0, slope.Length),
            i => Assert.True(
                Math.Abs(found[i] - slope[i]) < Tolerance * largest, $"unknown {i}: {found[i]} against {slope[i]}"));
    }

    [Fact]
    public void Loss_ArgumentsFarFromZero_IsStillTheFormulas()
    {
        PublishedShape shape = new(9, 20, 5, 5, 2);
        (float[] w, AlignedArray theta) = Make(shape, scale: 30);
        AlignedArray gradient = new(shape.Length);
        double loss = new PublishedKernel(shape, w, 1).Loss(theta, gradient);
        DoubleModel model = new(9, 20, 5, 5, 2);
        double[] x = Array.ConvertAll(shape.Unpack(theta), value => (double)value);
        double expected = model.Loss(x, w);

        // An argument of 100 has a rounding error of 4e-6.
        Assert.True(Math.Abs(loss - expected) < 10 * Tolerance * expected, $"{loss} against {expected}");
        double[] slope = model.Gradient(x, w);
        double largest = slope.Max(Math.Abs);
        float[] found = shape.Unpack(gradient);
        Assert.All(
            Enumerable.Range(0, slope.Length),
            i => Assert.True(
                Math.Abs(found[i] - slope[i]) < 10 * Tolerance * largest,
                $"unknown {i}: {found[i]} against {slope[i]}"));
    }

    [Fact]
    public void Gradient_OfTheOracle_IsThatOfCentralDifferences()
    {
        PublishedShape shape = new(4, 6, 5, 3, 2);
        (float[] w, AlignedArray theta) = Make(shape, scale: 1);
        DoubleModel model = new(4, 6, 5, 3, 2);
        double[] x = Array.ConvertAll(shape.Unpack(theta), value => (double)value);
        double[] gradient = model.Gradient(x, w);
        for (int i = 0; i < x.Length; i++)
        {
            const double Step = 1e-5;
            double[] ahead = [.. x];
            double[] behind = [.. x];
            ahead[i] += Step;
            behind[i] -= Step;
            double expected = (model.Loss(ahead, w) - model.Loss(behind, w)) / (2 * Step);
            Assert.True(
                Math.Abs(gradient[i] - expected) < 1e-7 * (1 + Math.Abs(expected)),
                $"unknown {i}: {gradient[i]} against {expected}");
        }
    }

    [Fact]
    public void MeanAbsolute_RandomPoint_IsTheFormulas()
    {
        PublishedShape shape = new(7, 18, 6, 6, 3);
        (float[] w, AlignedArray theta) = Make(shape, scale: 1);
        DoubleModel model = new(7, 18, 6, 6, 3);
        double[] x = Array.ConvertAll(shape.Unpack(theta), value => (double)value);
        double expected = Enumerable.Range(0, w.Length).Average(i => Math.Abs(model.Value(x, i / 18, i % 18) - w[i]));
        double found = new PublishedKernel(shape, w, 2).MeanAbsolute(theta);
        Assert.True(Math.Abs(found - expected) < Tolerance * expected, $"{found} against {expected}");
    }

    [Fact]
    public void Step_ManyOfThem_FollowAdamInDoublePrecision()
    {
        PublishedShape shape = new(6, 19, 7, 6, 3);
        (float[] w, AlignedArray theta) = Make(shape, scale: 1);
        double[] x = Array.ConvertAll(shape.Unpack(theta), value => (double)value);
        double[] start = [.. x];
        double[] expected = new DoubleModel(6, 19, 7, 6, 3).Train(x, w, 200);
        PublishedFit fit = new(shape, w, theta, threads: 2);
        for (int step = 0; step < expected.Length; step++)
        {
            double loss = fit.Step();
            Assert.True(
                Math.Abs(loss - expected[step]) < 1e-4 * expected[step],
                $"step {step}: {loss} against {expected[step]}");
        }

        // Adam divides a gradient by its own size, so rounding of a small one can turn its step: bounded on average,
        // not for each unknown.
        float[] found = shape.Unpack(fit.Theta);
        double moved = x.Zip(start, (a, b) => Math.Abs(a - b)).Average();
        double difference = x.Zip(found, (a, b) => Math.Abs(a - b)).Average();
        Assert.True(difference < 1e-3 * moved, $"{difference} against a movement of {moved}");
    }

    private static (float[] W, AlignedArray Theta) Make(PublishedShape shape, float scale)
    {
        Random random = new(7);
        float[] w = [.. Enumerable.Range(0, shape.Rows * shape.Columns).Select(_ => random.NextSingle() - 0.3f)];
        float[] plain = [.. Enumerable.Range(0, shape.ParameterCount).Select(_ => 2 * (random.NextSingle() - 0.5f))];
        int first = (shape.Rows + shape.Columns) * shape.StateDim;
        foreach (ref float value in plain.AsSpan(first, shape.Features * shape.StateDim))
        {
            value *= scale;
        }

        return (w, shape.Pack(plain));
    }
}
