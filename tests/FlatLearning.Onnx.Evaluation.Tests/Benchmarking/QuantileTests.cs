using FlatLearning.Onnx.Evaluation.Benchmarking;

namespace FlatLearning.Onnx.Evaluation.Tests.Benchmarking;

public sealed class QuantileTests
{
    // Rounding of one interpolation between numbers below 100.
    private const double Tolerance = 1e-12;

    [Fact]
    public void Of_PublishedExample_IsWhatNumpyGives()
    {
        // numpy.percentile([15, 20, 35, 40, 50, 7.5], [10, 50, 90]), numpy 1.24.
        Quantiles found = Quantiles.Of([50, 15, 7.5, 40, 20, 35]);
        Assert.Equal(11.25, found.P10, Tolerance);
        Assert.Equal(27.5, found.Median, Tolerance);
        Assert.Equal(45.0, found.P90, Tolerance);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(1000)]
    public void At_AnyQuantile_LiesOnTheLineThroughTheOrderStatistics(int count)
    {
        Random random = new(count);
        double[] sorted = [.. Enumerable.Range(0, count).Select(_ => 100 * random.NextDouble()).Order()];
        for (int percent = 0; percent <= 100; percent++)
        {
            Assert.Equal(Oracle(sorted, percent), Quantiles.At(sorted, percent / 100.0), 1e-9);
        }
    }

    [Fact]
    public void Of_Nothing_Throws() => Assert.Throws<ArgumentException>(() => Quantiles.Of([]));

    [Fact]
    public void Ratios_OfRoundsThatSlowDownTogether_AreNotMovedByIt()
    {
        // The machine is up to ten times slower in some rounds; the second model takes half the time of the first
        // throughout.
        double[] slowness = [1, 1, 10, 1, 3, 1, 7, 1, 1, 2];
        IReadOnlyList<double>[] first = [.. slowness.Select(factor => new[] { 4 * factor, 4 * factor, 9 * factor })];
        IReadOnlyList<double>[] other = [.. slowness.Select(factor => new[] { 2 * factor, 5 * factor, 2 * factor })];
        Quantiles ratios = BatchMeasurement.Ratios(first, other);
        Assert.Equal(2, ratios.P10, Tolerance);
        Assert.Equal(2, ratios.Median, Tolerance);
        Assert.Equal(2, ratios.P90, Tolerance);
    }

    /// <summary>
    /// Walks the segments between neighbours in whole hundredths: point i of n lies at 100 i / (n - 1) percent.
    /// </summary>
    private static double Oracle(double[] sorted, int percent)
    {
        int segments = sorted.Length - 1;
        for (int i = 0; i < segments; i++)
        {
            if (percent * segments <= 100 * (i + 1))
            {
                double weight = ((percent * segments) - (100 * i)) / 100.0;
                return ((1 - weight) * sorted[i]) + (weight * sorted[i + 1]);
            }
        }

        return sorted[^1];
    }
}
