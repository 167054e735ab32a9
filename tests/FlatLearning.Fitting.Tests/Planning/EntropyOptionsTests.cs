using FlatLearning.Dyn.Decoding;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Fitting.Tests.Planning;

public sealed class EntropyOptionsTests
{
    /// <summary>What the issue of the planner asks of predicted sizes, and what its samples reach of errors.</summary>
    private const double SizeTolerance = 0.01;

    private const double ErrorTolerance = 0.05;

    [Theory]
    [InlineData(96, 64)]
    [InlineData(300, 301)]
    [InlineData(640, 1024)]
    public void Measure_PredictsWhatFitsTake(int rows, int columns)
    {
        float[] w = Samples.Gaussian(rows, columns);
        for (int i = 0; i < w.Length; i++)
        {
            // Rows and columns of different strength, so that there are classes to pay for.
            w[i] *= (1 + (i / columns % 7)) * (1 + (i % columns % 5));
        }

        IReadOnlyList<PlanOption> options = Coded(w, rows, columns, Hessian.Identity);
        foreach (double bits in new[] { 1.5, 2.7, 4.2 })
        {
            PlanOption option = options.MinBy(option => Math.Abs(option.BitsPerWeight - bits))!;
            Assert.True(
                Math.Abs(option.BitsPerWeight - bits) < 0.05, $"{option.BitsPerWeight} bits are nearest to {bits}");
            FitResult fit = option.Fit(w);
            Assert.True(
                Math.Abs(fit.Weight!.StoredBytes - option.Bytes) < (SizeTolerance * option.Bytes) + 2,
                $"{option.Bytes} bytes predicted, {fit.Weight.StoredBytes} found");
            Assert.True(
                Math.Abs(fit.Error - option.PlainError) < ErrorTolerance * option.PlainError,
                $"{option.PlainError} predicted, {fit.Error} found");
            double[] decoded = ReferenceDecoder.Decode(fit.Weight);
            double error = w.Zip(decoded, (a, b) => (a - b) * (a - b)).Sum() / w.Sum(value => (double)value * value);
            Assert.True(Math.Abs(error - fit.Error) < 1e-6 * error, $"{fit.Error} reported, {error} found");
        }
    }

    [Fact]
    public void Measure_DiagonalErrorWeight_PredictsTheWeightedError()
    {
        Hessian weight = Hessian.Diagonal([.. Enumerable.Range(0, 128).Select(k => k % 4 == 0 ? 4.0 : 0.25)]);
        float[] w = Samples.Gaussian(128, 96);
        PlanOption option = Coded(w, 128, 96, weight).MinBy(option => Math.Abs(option.BitsPerWeight - 3))!;
        FitResult fit = option.Fit(w);
        Assert.True(
            Math.Abs(fit.WeightedError - option.Error) < ErrorTolerance * option.Error,
            $"{option.Error} predicted, {fit.WeightedError} found");
        Assert.True(fit.WeightedError < 0.7 * fit.Error, $"{fit.WeightedError} weighted, {fit.Error} plain");
    }

    [Fact]
    public void Measure_FullErrorWeight_OffersPackedCodesToo()
    {
        double[] h = new double[32 * 32];
        for (int i = 0; i < h.Length; i++)
        {
            h[i] = 0.5 + (i % 33 == 0 ? 0.5 : 0);
        }

        bool[] coded = [
            .. Coded(Samples.Gaussian(32, 48), 32, 48, Hessian.Full(h, 32))
                .Select(option => option.IsCoded)
                .Distinct()];
        Assert.Equal(2, coded.Length);
    }

    [Fact]
    public void Measure_Zeros_TakesAFewBytes()
    {
        PlanOption option = Assert.Single(Coded(new float[64 * 64], 64, 64, Hessian.Identity));
        FitResult fit = option.Fit(new float[64 * 64]);
        Assert.True(fit.Error == 0 && fit.Weight!.StoredBytes < 200, $"{fit.Weight!.StoredBytes} bytes");
    }

    [Fact]
    public void Skeleton_TakesTheBytesAskedFor()
    {
        PlanOption option = Coded(Samples.Gaussian(64, 64), 64, 64, Hessian.Identity)[^1];
        Assert.Equal(option.Bytes, option.Skeleton().StoredBytes);
        Assert.Equal(12345, option.Skeleton(12345).StoredBytes);
    }

    private static IReadOnlyList<PlanOption> Coded(float[] w, int rows, int columns, Hessian weight) =>
        CurveEstimator.Measure(w, rows, columns, new PlanRequest { Metrics = false, Coded = true, Hessian = weight });
}
