using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Tests.Codes;

namespace FlatLearning.Fitting.Tests;

public class WeightedFitTests
{
    /// <summary>Sums of the same stored numbers in double precision, in another order.</summary>
    private const double Rounding = 1e-9;

    [Theory]
    [InlineData(TestPlans.Codes, false, "diagonal")]
    [InlineData(TestPlans.Codes, false, "full")]
    [InlineData(MetricKinds.Riem, false, "diagonal")]
    [InlineData(MetricKinds.DynL1, false, "identity")]
    [InlineData(MetricKinds.DynL1, true, "identity")]
    [InlineData(MetricKinds.DynL1, true, "full")]
    [InlineData(MetricKinds.Riem, true, "diagonal")]
    public void Fit_AnyWeight_ReportsBothErrorsOfTheReferenceDecoder(string method, bool residual, string kind)
    {
        float[] w = Samples.LowRank(60, 36, 3, 0.3f);
        Hessian weight = Make(kind, 60);
        FitResult result = WeightFitter.Fit(
            w,
            60,
            36,
            Plan(method, residual),
            new FitOptions { Hessian = weight });
        (double plain, double weighted) = Samples.Errors(result.Weight!, w, weight);
        Assert.InRange(result.Error, plain * (1 - Rounding), plain * (1 + Rounding));
        Assert.InRange(result.WeightedError, weighted * (1 - Rounding), weighted * (1 + Rounding));
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(3, 1)]
    public void Fit_FullIdentity_GivesTheBytesOfTheUnweightedFit(int bits, int taps)
    {
        float[] w = Samples.Gaussian(48, 40);
        UniformCodesPlan plan = new() { Bits = bits, Taps = taps };
        double[] identity = new double[48 * 48];
        for (int k = 0; k < 48; k++)
        {
            identity[k * 49] = 7;
        }

        byte[] expected = Samples.Bytes(WeightFitter.Fit(w, 48, 40, plan).Weight!);
        Assert.Equal(
            expected,
            Samples.Bytes(
                WeightFitter.Fit(w, 48, 40, plan, new FitOptions { Hessian = Hessian.Full(identity, 48) }).Weight!));
        Assert.Equal(
            expected,
            Samples.Bytes(
                WeightFitter.Fit(
                    w,
                    48,
                    40,
                    plan,
                    new FitOptions { Hessian = Hessian.Diagonal([.. Enumerable.Repeat(0.3, 48)]) }).Weight!));
    }

    /// <summary>
    /// An H whose diagonal and elements differ but that has nothing beside the diagonal goes through feedback only by
    /// force: the factor must then be diagonal too.
    /// </summary>
    [Fact]
    public void Fit_NearlyDiagonalFullWeight_HasTheErrorOfTheDiagonalOne()
    {
        float[] w = Samples.Gaussian(64, 48);
        double[] diagonal = [.. Enumerable.Range(0, 64).Select(k => 1 + (0.2 * (k % 5)))];
        double[] full = new double[64 * 64];
        for (int k = 0; k < 64; k++)
        {
            full[k * 65] = diagonal[k];
        }

        full[1] = full[64] = 1e-9;
        UniformCodesPlan plan = new() { Bits = 3 };
        double one =
            WeightFitter.Fit(w, 64, 48, plan, new FitOptions { Hessian = Hessian.Diagonal(diagonal) }).WeightedError;
        double other =
            WeightFitter.Fit(w, 64, 48, plan, new FitOptions { Hessian = Hessian.Full(full, 64) }).WeightedError;
        Assert.InRange(other, 0.9 * one, 1.02 * one);
    }

    [Theory]
    [InlineData(2, 5)]
    [InlineData(3, 4)]
    [InlineData(4, 1)]
    [InlineData(4, 3)]
    public void Fit_CorrelatedInputs_FeedbackLosesMuchLess(int bits, int taps)
    {
        // H = 0.9^|i-j| has a conditional variance of 1 - 0.81 = 0.19 in every row but the last; the ridge and the
        // finite range of the tables take a part of that.
        float[] w = Samples.Gaussian(160, 48);
        Hessian weight = FeedbackTests.Correlated(160, 0.9);
        UniformCodesPlan plan = new() { Bits = bits, Taps = taps };
        double unknown = Samples.Errors(WeightFitter.Fit(w, 160, 48, plan).Weight!, w, weight).Weighted;
        double known = WeightFitter.Fit(w, 160, 48, plan, new FitOptions { Hessian = weight }).WeightedError;
        Assert.True(known < 0.35 * unknown, $"{known} against {unknown}");
    }

    [Fact]
    public void Fit_RowsThatCountMore_AreCodedBetter()
    {
        // 5 taps couple neighbouring rows: those of weight 100 take precision from those of weight 1.
        float[] w = Samples.Gaussian(128, 64);
        Hessian weight = Hessian.Diagonal([.. Enumerable.Range(0, 128).Select(k => k % 2 == 0 ? 100.0 : 1.0)]);
        UniformCodesPlan plan = new() { Bits = 2 };
        double unknown = Samples.Errors(WeightFitter.Fit(w, 128, 64, plan).Weight!, w, weight).Weighted;
        double known = WeightFitter.Fit(w, 128, 64, plan, new FitOptions { Hessian = weight }).WeightedError;
        Assert.True(known < 0.7 * unknown, $"{known} against {unknown}");
    }

    [Theory]
    [InlineData("silent inputs")]
    [InlineData("one direction")]
    [InlineData("huge")]
    public void Fit_DegenerateWeightOfTheError_GivesFiniteNumbers(string kind)
    {
        double[] x = [
            .. Enumerable.Range(0, 40)
                .Select(
                    k => kind == "silent inputs" && k % 3 == 0 ? 0.0 : kind == "huge" ? 1e140 * (k + 1) : 1 + (k % 7))];
        double[] h = [.. Enumerable.Range(0, 1600).Select(i => x[i / 40] * x[i % 40])];
        float[] w = Samples.Gaussian(40, 24);
        foreach (string method in new[] { TestPlans.Codes, MetricKinds.DynL1 })
        {
            MetricPlan? metric = method == TestPlans.Codes ? null : TestPlans.Metric(method, seconds: 0.02);
            FitResult result = WeightFitter.Fit(
                w, 40, 24, new UniformCodesPlan { Bits = 3, Metric = metric },
                new FitOptions { Hessian = Hessian.Full(h, 40) });
            Assert.True(result.WeightedError < 0.02, $"{result.WeightedError}");
            Assert.True(result.Error < 1, $"{result.Error}");
        }
    }

    [Fact]
    public void Fit_IndefiniteWeightOfTheError_IsRefusedWithASentence()
    {
        double[] h = [.. Enumerable.Range(0, 9).Select(i => i % 4 == 0 ? 1 : -0.9)];
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            WeightFitter.Fit(
                Samples.Gaussian(3, 4), 3, 4, new UniformCodesPlan(),
                new FitOptions { Hessian = Hessian.Full(h, 3, ridge: 0) }));
        Assert.Contains("positive semidefinite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_WeightOfTheErrorForOtherInputs_IsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => WeightFitter.Fit(
                new float[12], 3, 4, new UniformCodesPlan(), new FitOptions { Hessian = Hessian.Diagonal([1, 2]) }));
        Assert.Contains("2 inputs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_FullWeight_GivesTheSameBytesAloneAndBesideOthers()
    {
        float[] w = Samples.LowRank(50, 33, 2, 0.5f);
        UniformCodesPlan plan = new() { Bits = 3 };
        FitOptions options = new() { Hessian = FeedbackTests.Correlated(50, 0.8) };
        byte[] expected = Samples.Bytes(WeightFitter.Fit(w, 50, 33, plan, options).Weight!);
        byte[][] others = new byte[4][];
        Parallel.For(
            0, others.Length, i => others[i] = Samples.Bytes(WeightFitter.Fit(w, 50, 33, plan, options).Weight!));
        Assert.All(others, bytes => Assert.Equal(expected, bytes));
    }

    private static Hessian Make(string kind, int rows) => kind switch
    {
        "identity" => Hessian.Identity,
        "diagonal" => Hessian.Diagonal([.. TableTrainer.Gaussian(rows, 9).Select(x => (double)x * x)]),
        _ => FeedbackTests.Correlated(rows, 0.6),
    };

    private static WeightPlan Plan(string method, bool residual)
    {
        MetricPlan? metric = method == TestPlans.Codes
            ? null
            : TestPlans.Metric(method, stateDim: 4, seconds: 0.05, shifts: 2, width: 3);
        return metric is null || residual ? new UniformCodesPlan { Bits = 3, Metric = metric } : metric;
    }
}
