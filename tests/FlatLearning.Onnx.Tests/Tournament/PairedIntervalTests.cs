using FlatLearning.Onnx.Tournament;

namespace FlatLearning.Onnx.Tests.Tournament;

public sealed class PairedIntervalTests
{
    [Fact]
    public void EqualParts_HaveNoDifference() =>
        Assert.Equal(new PairedInterval(0, 0), PairedInterval.Of([1, 2, 3], [1, 2, 3]));

    [Fact]
    public void NoParts_HaveNoDifference() => Assert.Equal(new PairedInterval(0, 0), PairedInterval.Of([], []));

    [Fact]
    public void ConstantDifference_IsCertain()
    {
        PairedInterval interval = PairedInterval.Of([3, 5, 9, 4], [2, 4, 8, 3]);
        Assert.Equal(4, interval.Low, 12);
        Assert.Equal(4, interval.High, 12);
    }

    [Fact]
    public void RandomDifferences_HaveTheIntervalOfTheirSum()
    {
        // The sum of 400 differences of mean 0.5 and deviation 1 / sqrt(12) is 200 give or take 1.96 · sqrt(400 / 12).
        Random random = new(1);
        double[] parts = [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble())];
        double half = 1.96 * Math.Sqrt(400.0 / 12);
        PairedInterval interval = PairedInterval.Of(parts, new double[400]);
        Assert.InRange(interval.Low, parts.Sum() - (1.25 * half), parts.Sum() - (0.8 * half));
        Assert.InRange(interval.High, parts.Sum() + (0.8 * half), parts.Sum() + (1.25 * half));
    }
}
