using FlatLearning.Fitting.Entropy;

namespace FlatLearning.Fitting.Tests.Entropy;

public sealed class ModelStepTests
{
    private static readonly FitOptions Codes = new() { Method = FitMethod.Codes };

    /// <summary>Three weights of standard deviations 1, 4 and 0.05.</summary>
    private static List<StepCurve> Curves =>
    [
        new(Samples.Gaussian(60, 80), 60, 80, Codes),
        new(Array.ConvertAll(Samples.Gaussian(60, 80, 2), value => 4 * value), 60, 80, Codes),
        new(Array.ConvertAll(Samples.Gaussian(60, 80, 3), value => 0.05f * value), 60, 80, Codes),
    ];

    [Theory]
    [InlineData(1.0)]
    [InlineData(3.0)]
    public void WithinBytes_WeightsOfDifferentSize_MeetsTheBytesAndBeatsEqualBits(double bits)
    {
        List<StepCurve> curves = Curves;
        long bytes = (long)(bits * 3 * 4800 / 8);
        IReadOnlyList<FitResult> fits = ModelStep.WithinBytes(curves, bytes, threads: 2)!;
        long stored = fits.Sum(fit => fit.Weight!.StoredBytes);
        Assert.True(stored <= bytes && stored > 0.97 * bytes, $"{stored} bytes of {bytes}");
        double Squared(IEnumerable<FitResult> all) => all.Zip(curves).Sum(pair => pair.First.Error * pair.Second.WeightedEnergy);
        Assert.True(Squared(fits) < 0.5 * Squared(curves.Select(curve => curve.Within(bits))), "one step must beat equal bits by far where weights differ in size");
    }

    [Fact]
    public void WithinBytes_FewerThanHeaders_IsNull() => Assert.Null(ModelStep.WithinBytes(Curves, 100));

    [Fact]
    public void WithinError_MeetsTheErrorClosely()
    {
        List<StepCurve> curves = Curves;
        double allowed = 0.01 * curves.Sum(curve => curve.WeightedEnergy);
        double squared = ModelStep.WithinError(curves, allowed)!.Zip(curves).Sum(pair => pair.First.Error * pair.Second.WeightedEnergy);
        Assert.True(squared <= allowed && squared > 0.95 * allowed, $"{squared} of {allowed}");
    }
}
