using FlatLearning.Dyn;
using FlatLearning.Fitting.Entropy;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Tests.Entropy;

public sealed class StepCurveTests
{
    /// <summary>Errors are recomputed from decoded weights whose scales are float32.</summary>
    private const double Rounding = 1e-5;

    /// <summary>
    /// A uniform scalar quantiser needs 0.25 bits above the rate-distortion function of a Gaussian; the trellis leaves
    /// a tenth, of which fields and header take a part.
    /// </summary>
    [Theory]
    [InlineData(0.12)]
    [InlineData(0.3)]
    [InlineData(0.6)]
    public void At_Gaussian_StaysWithinATenthOfABitOfTheRateDistortionFunction(double step)
    {
        FitResult fit = new StepCurve(Samples.Gaussian(300, 300), 300, 300).At(step);
        double excess = fit.Weight!.BitsPerWeight - (0.5 * Math.Log2(1 / fit.Error));
        Assert.True(excess is > 0 and < 0.1, $"{excess} bits above the limit at {fit.Weight.BitsPerWeight}");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 40)]
    [InlineData(40, 1)]
    [InlineData(33, 65)]
    [InlineData(3, 300)]
    public void At_AnyShape_ReportsTheErrorOfTheStoredWeight(int rows, int columns)
    {
        float[] w = Samples.Gaussian(rows, columns);
        FitResult fit = new StepCurve(w, rows, columns).At(0.2);
        Assert.True(Math.Abs(fit.Error - Samples.RelativeError(fit.Weight!, w)) <= Rounding * (fit.Error + Rounding));
        Assert.Equal(fit.Weight!.Stream!.Bytes.Length, fit.Weight!.StoredBytes);
    }

    [Fact]
    public void At_DegenerateWeights_HasAFiniteErrorAndFewBits()
    {
        float[] zeros = new float[64 * 64];
        FitResult none = new StepCurve(zeros, 64, 64).At(0.1);
        Assert.Equal(0, none.Error);
        Assert.True(none.Weight!.BitsPerWeight < 0.2);
        float[] outlier = Samples.Gaussian(64, 64);
        outlier[100] = 1e30f;
        outlier[101] = -3e37f;
        FitResult far = new StepCurve(outlier, 64, 64).At(0.1);
        Assert.True(far.Error < 0.01 && Math.Abs(far.Error - Samples.RelativeError(far.Weight!, outlier)) <= Rounding);
        float[] small = Array.ConvertAll(Samples.Gaussian(64, 64), value => value * 1e-30f);
        Assert.True(new StepCurve(small, 64, 64).At(2e-31).Error < 0.02);
    }

    /// <summary>Columns beyond the range of levels get a larger step, others keep theirs.</summary>
    [Fact]
    public void At_OneLargeColumn_KeepsTheOthersExact()
    {
        float[] w = Samples.Gaussian(128, 64);
        for (int k = 0; k < 128; k++)
        {
            w[k * 64] *= 1000;
        }

        DynWeight weight = new StepCurve(w, 128, 64).At(0.1).Weight!;
        Assert.True(weight.Stream!.Fields.HasColumnSteps);
        double[] decoded = Dyn.Decoding.ReferenceDecoder.Decode(weight);
        double others = Enumerable.Range(0, w.Length)
            .Where(i => i % 64 != 0)
            .Average(i => Math.Pow(decoded[i] - w[i], 2));
        Assert.True(others < 0.3 * 0.1 * 0.1, $"{others}");
    }

    [Theory]
    [InlineData(2.0)]
    [InlineData(3.3)]
    [InlineData(5.0)]
    public void Within_BitsPerWeight_IsMetFromBelow(double bits)
    {
        EntropyCodesPlan plan = EntropyCodesPlan.Within(bits);
        FitResult fit = WeightFitter.Fit(Samples.Gaussian(120, 130), 120, 130, plan);
        Assert.True(
            fit.Weight!.BitsPerWeight <= bits && fit.Weight.BitsPerWeight > bits - 0.05, $"{fit.Weight.BitsPerWeight}");
    }

    [Fact]
    public void Within_LessThanAHeader_SaysThatThereIsNone()
    {
        FitResult fit = WeightFitter.Fit(
            Samples.Gaussian(4, 4), 4, 4, EntropyCodesPlan.Within(2));
        Assert.Equal(FitStatus.NotRepresentable, fit.Status);
        Assert.Contains("4 x 4", fit.Reason, StringComparison.Ordinal);
    }

    /// <summary>
    /// Rows that count 64 times more get an eighth of the step: at equal bits the weighted error falls to the geometric
    /// from the arithmetic mean of importances.
    /// </summary>
    [Fact]
    public void Within_RowsOfDifferentImportance_LowersTheWeightedError()
    {
        double[] importance = [.. Enumerable.Range(0, 128).Select(k => k % 2 == 0 ? 1.0 : 64.0)];
        Hessian h = Hessian.Diagonal(importance);
        float[] w = Samples.Gaussian(128, 128);
        EntropyCodesPlan plan = EntropyCodesPlan.Within(4.5);
        double blind = Samples.Errors(WeightFitter.Fit(w, 128, 128, plan).Weight!, w, h).Weighted;
        FitResult fit = WeightFitter.Fit(w, 128, 128, plan, new FitOptions { Hessian = h });
        (_, double weighted) = Samples.Errors(fit.Weight!, w, h);
        Assert.True(Math.Abs(weighted - fit.WeightedError) <= 1e-4 * weighted);
        double ideal = 8 / 32.5;
        Assert.True(weighted < 1.15 * ideal * blind, $"{weighted} against {blind}");
    }

    /// <summary>
    /// Rows that follow from the row above: the prediction saves about half the logarithm of what it leaves, 1.2 bits
    /// here.
    /// </summary>
    [Fact]
    public void At_SmoothColumns_ArePredicted()
    {
        const int Rows = 400, Columns = 64;
        float[] w = Samples.Gaussian(Rows, Columns);
        for (int i = Columns; i < w.Length; i++)
        {
            w[i] = (0.9f * w[i - Columns]) + (0.4359f * w[i]);
        }

        FitResult fit = new StepCurve(w, Rows, Columns).At(0.12);
        Assert.NotEmpty(fit.Weight!.Stream!.Prediction.Lags);
        double withoutMemory = 0.5 * Math.Log2(1 / fit.Error);
        Assert.True(
            fit.Weight!.BitsPerWeight < withoutMemory - 0.9,
            $"{fit.Weight.BitsPerWeight} bits, {withoutMemory} without prediction");
    }

    [Fact]
    public void At_LowRankWeight_PutsAMetricInFront()
    {
        float[] w = Samples.LowRank(128, 160, 2, 0.1f);
        FitResult hybrid = new StepCurve(w, 128, 160, new RiemPlan { Seconds = 2 }).At(0.1);
        FitResult codes = new StepCurve(w, 128, 160).At(0.1);
        Assert.NotNull(hybrid.Weight!.Metric);
        Assert.True(hybrid.Weight!.BitsPerWeight < codes.Weight!.BitsPerWeight - 0.5);
        Assert.True(Math.Abs(hybrid.Error - Samples.RelativeError(hybrid.Weight, w)) <= 1e-4 * hybrid.Error);
    }

    [Fact]
    public void At_Twice_GivesTheSameBytes()
    {
        StepCurve curve = new(Samples.Gaussian(50, 70), 50, 70);
        Assert.True(curve.At(0.2).Weight!.Stream!.Bytes.Span.SequenceEqual(curve.At(0.2).Weight!.Stream!.Bytes.Span));
    }
}
