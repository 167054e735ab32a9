using FlatLearning.Fitting.Bands;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Fitting.Tests.Planning;

/// <summary>What is predicted against what is fitted.</summary>
public sealed class CurveEstimatorTests
{
    /// <summary>A dry run's error is to be right within this share.</summary>
    private const double ErrorShare = 0.10;

    /// <summary>
    /// The 8-bit tables see so few numbers of the tails in a sample that their error is known less well; it is a
    /// hundredth of that of 4 bits.
    /// </summary>
    private const double EightBitShare = 0.5;

    private const int Rows = 192;
    private const int Columns = 256;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Measure_Options_PredictBytesExactlyAndErrors(bool unevenRows) => CheckPredictions(unevenRows, 16);

    [Theory]
    [Trait("Set", "Long")]
    [InlineData(false)]
    [InlineData(true)]
    public void Measure_ManyOptions_PredictBytesExactlyAndErrors(bool unevenRows) => CheckPredictions(unevenRows, 4);

    private static void CheckPredictions(bool unevenRows, int every)
    {
        float[] w = Samples.Gaussian(Rows, Columns);
        for (int i = 0; unevenRows && i < w.Length; i++)
        {
            w[i] *= 1 + (i / Columns % 7);
        }

        IReadOnlyList<PlanOption> curve = CurveEstimator.Measure(w, Rows, Columns, new PlanRequest { Metrics = false });
        Assert.Equal(22, curve.Count(option => option.Plan is not MixedCodesPlan));

        // Not all of the many divisions of bits.
        PlanOption[] bands = [.. curve.Where((option, i) => option.Plan is MixedCodesPlan && i % every == 0)];
        Assert.True(bands.Length > 40 / every, $"{bands.Length}");
        foreach (PlanOption option in curve.Where(option => option.Plan is not MixedCodesPlan).Concat(bands))
        {
            FitResult fit = option.Fit(w);
            Assert.Equal(fit.Weight!.StoredBytes, option.Bytes + option.CommonBytes);
            double share = option.Plan is UniformCodesPlan { Bits: 8 } ? EightBitShare : ErrorShare;
            Assert.True(
                Math.Abs(option.PlainError - fit.Error) < share * fit.Error,
                $"{fit.Representation}: predicted {option.PlainError}, fitted {fit.Error}");
        }
    }

    [Fact]
    public void Measure_LowRank_OffersAMetricThatPays()
    {
        float[] w = Samples.LowRank(128, 128, 2, 0.05f);
        IReadOnlyList<PlanOption> curve = CurveEstimator.Measure(w, 128, 128, new PlanRequest());
        PlanOption hybrid = curve.Where(option => option.Plan is UniformCodesPlan { Bits: 3, Metric: not null })
            .MinBy(option => option.Error)!;
        PlanOption codes = curve.Where(option => option.Plan is UniformCodesPlan { Bits: 4, Metric: null })
            .MinBy(option => option.Error)!;
        Assert.True(
            hybrid.Error < codes.Error && hybrid.Bytes < codes.Bytes,
            $"{hybrid.Error} in {hybrid.Bytes} bytes against {codes.Error} in {codes.Bytes}");
        FitResult fit = hybrid.Fit(w);
        Assert.Equal(fit.Weight!.StoredBytes, hybrid.Bytes);
        Assert.True(
            Math.Abs(hybrid.Error - fit.WeightedError) < 2 * ErrorShare * fit.WeightedError,
            $"predicted {hybrid.Error}, fitted {fit.WeightedError}");
    }

    [Fact]
    public void Measure_FullH_PredictsTheWeightedError()
    {
        float[] w = Samples.Gaussian(64, 96);
        Hessian weight = Correlated(64);
        PlanOption option = CurveEstimator.Measure(w, 64, 96, new PlanRequest { Hessian = weight, Metrics = false })
            .First(option => option.Plan is UniformCodesPlan { Bits: 3, RowScales: RowScales.Never });
        FitResult fit = option.Fit(w);
        Assert.True(
            Math.Abs(option.Error - fit.WeightedError) < 2 * ErrorShare * fit.WeightedError,
            $"predicted {option.Error}, fitted {fit.WeightedError}");
    }

    [Fact]
    public void Skeleton_AnyOption_HasTheStructureAndTheBytesOfTheFit()
    {
        float[] w = Samples.LowRank(96, 80, 2, 0.05f);
        foreach (PlanOption option in CurveEstimator.Measure(w, 96, 80, new PlanRequest())
            .Where((option, i) => option.Plan is not MixedCodesPlan || i % 27 == 0))
        {
            FitResult fit = option.Fit(w);
            Assert.Equal(fit.Weight!.StoredBytes, option.Skeleton().StoredBytes);
            Assert.Equal(fit.Representation, option.Skeleton().Describe());
        }
    }

    [Fact]
    public void Measure_AFixedTap_LeavesOutWidthsThatDoNotGoWithIt()
    {
        IReadOnlyList<PlanOption> curve =
            CurveEstimator.Measure(Samples.Gaussian(32, 32), 32, 32, new PlanRequest { Taps = 5, Metrics = false });
        Assert.Equal([2, 3], curve.Select(option => ((UniformCodesPlan)option.Plan).Bits).Distinct().Order());
        Assert.All(curve, option => Assert.Equal(5, ((UniformCodesPlan)option.Plan).Taps));
    }

    [Fact]
    public void Errors_TheRightH_LosesLessThanTheIdentity()
    {
        Hessian weight = Correlated(64);
        IReadOnlyList<double> errors =
            WeightTrial.Errors(Samples.Gaussian(64, 128), 64, 128, [Hessian.Identity, weight], weight);
        Assert.True(errors[1] < 0.8 * errors[0], $"{errors[1]} against {errors[0]}");
    }

    /// <summary>The second moment of vectors in which a few directions hold most of the energy.</summary>
    private static Hessian Correlated(int rows)
    {
        float[] factors = Samples.Gaussian(4, rows, 8);
        double[] h = new double[rows * rows];
        for (int i = 0; i < rows; i++)
        {
            h[(i * rows) + i] = 0.2;
            for (int j = 0; j < rows; j++)
            {
                for (int f = 0; f < 4; f++)
                {
                    h[(i * rows) + j] += (double)factors[(f * rows) + i] * factors[(f * rows) + j];
                }
            }
        }

        return Hessian.Full(h, rows);
    }
}
