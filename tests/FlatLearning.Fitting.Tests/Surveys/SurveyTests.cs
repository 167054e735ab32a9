using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Surveys;

namespace FlatLearning.Fitting.Tests.Surveys;

public class SurveyTests
{
    private const int Rows = 64;
    private const int Columns = 48;

    /// <summary>Far more than these matrices take, so that nothing is left out on a busy machine.</summary>
    private static readonly SurveyOptions Options =
        new() { TimeLimit = 600, MetricSeconds = 0.5, Rates = [1, 2, 3, 4],
            Metrics = [.. MetricPlans.All.Select(metric => metric with { StateBits = 6 })] };

    private static readonly Lazy<SurveyReport> LowRank =
        new(() => Survey.Run(Samples.LowRank(Rows, Columns, 4, 0.3f), Rows, Columns, Options));

    [Fact]
    public void Run_EveryRow_IsWithinItsRateAndCountsItsBytes()
    {
        Assert.All(LowRank.Value.Rows, row =>
        {
            Assert.InRange(row.BitsPerWeight!.Value, row.Rate!.Value - 1, row.Rate.Value + 0.25);
            Assert.Equal(8.0 * row.StoredBytes!.Value / (Rows * Columns), row.BitsPerWeight.Value, 1e-12);
            Assert.True(
                row.Error >= 0 && row.MeanAbsOverStd >= 0 && row.Parameters > 0 && row.Seconds >= 0,
                row.Representation);
            Assert.Contains(row.Status, (string[])["done", "converged", "budget spent"]);
        });
        Assert.All(
            LowRank.Value.Rows.Where(row => row.Family is "riem" or "dyn-l1" or "dyn-l2" or "dyn-inverse-l2" or "SVD"),
            row => Assert.True(row.BitsPerWeight <= row.Rate, row.Representation));
    }

    [Fact]
    public void Run_EveryFamily_IsThereOnceAtMostPerRate()
    {
        foreach (IGrouping<double?, SurveyRow> rate in LowRank.Value.Rows.GroupBy(row => row.Rate))
        {
            Assert.Equal(rate.Select(row => row.Family).Distinct().Count(), rate.Count());
        }

        string[] atFour = [.. LowRank.Value.Rows.Where(row => row.Rate == 4).Select(row => row.Family)];
        Assert.Superset(
            new HashSet<string>(
                ["rounding per column", "rounding, block 32", "fitted rounding per column", "HQQ, group 64", "SVD",
                "riem", "dyn-l1", "dyn-l2", "dyn-inverse-l2", "codes, most taps", "codes, 1 tap", "riem + codes",
                "dyn-l1 + codes"]),
            new HashSet<string>(atFour));
        // 4 bits of codes and scales cannot be 1 bit.
        Assert.DoesNotContain(
            LowRank.Value.Rows,
            row => row.Rate == 1
                && (row.Family.StartsWith("NF4", StringComparison.Ordinal)
                    || row.Family.StartsWith("codes", StringComparison.Ordinal)));
    }

    [Fact]
    public void Run_Groups_AreSortedByErrorWithTheBestMarked()
    {
        foreach (IGrouping<double?, SurveyRow> rate in LowRank.Value.Rows.GroupBy(row => row.Rate))
        {
            Assert.Equal(
                rate.OrderBy(row => row.Error).Select(row => row.Representation),
                rate.Select(row => row.Representation));
            Assert.True(rate.First().Best);
            Assert.DoesNotContain(rate.Skip(1), row => row.Best);
        }

        Assert.Equal(Options.Rates, LowRank.Value.Conclusions.Select(conclusion => conclusion.Rate));
        Assert.Equal(Options.Rates, LowRank.Value.Rows.Select(row => row.Rate!.Value).Distinct());
    }

    [Fact]
    public void Run_Error_IsThatOfTheFitter()
    {
        float[] w = Samples.LowRank(Rows, Columns, 4, 0.3f);
        FitResult direct = WeightFitter.Fit(
            w, Rows, Columns, new UniformCodesPlan { Bits = 3, RowScales = RowScales.Never });
        SurveyRow row = LowRank.Value.Rows.Single(row => row.Family == "codes, most taps" && row.Rate == 4);
        Assert.StartsWith("codes 3 bits, 4 taps, ", row.Representation, StringComparison.Ordinal);
        // The decoder works in float32.
        Assert.InRange(row.Error!.Value, 0.5 * direct.Error, 1.0001 * direct.Error);
    }

    [Fact]
    public void Run_BitsSaved_AreThoseOfTheRoundingRows()
    {
        Assert.All(
            LowRank.Value.Rounding.Where(row => row.BitsSaved is not null),
            row => Assert.True(row.BitsSaved <= 1e-9, row.Representation));
        Assert.Contains(LowRank.Value.Rows, row => row.Own && row.BitsSaved > 0.2);
    }

    [Fact]
    public void Run_OtherThreads_GivesTheSameRows()
    {
        SurveyReport one = Survey.Run(
            Samples.LowRank(Rows, Columns, 4, 0.3f),
            Rows,
            Columns,
            Options with { MetricSeconds = 0.1, Threads = 1, Rates = [2, 4] });
        SurveyReport three = Survey.Run(
            Samples.LowRank(Rows, Columns, 4, 0.3f),
            Rows,
            Columns,
            Options with { MetricSeconds = 0.1, Threads = 3, Rates = [2, 4] });
        Assert.Equal(
            one.Rows.Select(row => row with { Seconds = 0 }), three.Rows.Select(row => row with { Seconds = 0 }));
    }

    [Fact]
    public void Run_OneMethod_LeavesTheOthersOut()
    {
        SurveyReport report = Survey.Run(
            Samples.Gaussian(Rows, Columns), Rows, Columns,
            Options with { Codes = false, Metrics = [new DynPlan(MetricKinds.DynL1) { StateBits = 6 }], Rates = [3] });
        Assert.All(
            report.Rows.Where(row => row.Own),
            row => Assert.StartsWith("dyn-l1", row.Family, StringComparison.Ordinal));
        Assert.Contains(report.Rows, row => row.Own);
        Assert.Contains(report.Rows, row => !row.Own);
    }

    [Fact]
    public void Run_ChosenStateDim_IsListedOnceAtItsRate()
    {
        SurveyReport report = Survey.Run(
            Samples.Gaussian(Rows, Columns),
            Rows,
            Columns,
            Options with { Codes = false, Metrics = [new RiemPlan { StateDim = 5 }] });
        SurveyRow row = Assert.Single(report.Rows, row => row.Family == "riem");
        Assert.Contains("d=5 ", row.Representation, StringComparison.Ordinal);
        Assert.True(row.BitsPerWeight <= row.Rate + 0.25 || row.Rate == 4);
    }

    [Fact]
    public void Run_NoTime_LeavesOutAndSaysSo()
    {
        SurveyReport report = Survey.Run(Samples.Gaussian(256, 128), 256, 128, new SurveyOptions { TimeLimit = 1e-3 });
        SurveyRow[] left = [.. report.Rows.Where(row => row.Error is null)];
        Assert.NotEmpty(left);
        Assert.All(
            left,
            row => Assert.Equal(
                (Survey.TimeLimit, null, null, null),
                (row.Status, row.BitsPerWeight, row.MeanAbsOverStd, row.Parameters)));
        // Far more than what is between two looks at the clock takes, far less than all fits.
        Assert.True(report.Seconds < 15, $"took {report.Seconds} s");
    }

    [Fact]
    public async Task Run_Cancelled_Throws()
    {
        using CancellationTokenSource source = new(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Task.Run(
                () => Survey.Run(
                    Samples.Gaussian(512, 512), 512, 512, new SurveyOptions { TimeLimit = 600 }, null, source.Token)));
    }

    [Fact]
    public void Run_Progress_GoesUpToOne()
    {
        List<double> shares = [];
        Survey.Run(
            Samples.Gaussian(20, 20),
            20,
            20,
            Options with { Rates = [3], Metrics = [] },
            new Immediate(shares));
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1], 1e-9);
    }

    [Fact]
    public void Run_BadOptions_AreRefused()
    {
        float[] w = new float[6];
        Assert.Throws<ArgumentException>(() => Survey.Run(w, 2, 3, new SurveyOptions { Rates = [] }));
        Assert.Throws<ArgumentException>(() => Survey.Run(w, 2, 3, new SurveyOptions { Rates = [double.NaN] }));
        Assert.Throws<ArgumentException>(() => Survey.Run(w, 2, 3, new SurveyOptions { TimeLimit = 0 }));
        Assert.Throws<ArgumentException>(() => Survey.Run(new[] { 1, float.NaN }, 1, 2, new SurveyOptions()));
        Assert.Throws<ArgumentException>(() => Survey.Run(w, 2, 2, new SurveyOptions()));
    }

    private sealed class Immediate(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }
}
