using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Metrics.Riem;

namespace FlatLearning.Fitting.Tests.Metrics;

public class MetricFitTests
{
    /// <summary>
    /// d states contain every bilinear form of rank d - 1: the fit must get near the noise, a share of 0.04 / (4 +
    /// 0.04).
    /// </summary>
    [Fact]
    public void Riem_LowRankWeight_ExplainsNearlyAllOfIt()
    {
        float[] w = Samples.LowRank(64, 80, 4, 0.2f);
        FitResult result =
            WeightFitter.Fit(w, 64, 80, new RiemPlan { StateDim = 6, Seconds = 2 });
        Assert.True(result.Error < 0.02, $"{result.Error}");
        RiemMetric metric = Assert.IsType<RiemMetric>(result.Weight!.Metric);
        Assert.Equal((6, 14, 6), (metric.Shifts, metric.Width, metric.StateDim));
        Assert.Null(result.Weight!.Codes);
    }

    [Fact]
    public void Riem_DefaultSizes_ArePublishedOnesWhereTheyFit()
    {
        RiemShape large = RiemSizes.Choose(512, 512, new RiemPlan());
        Assert.Equal((52, 6, 14), (large.StateDim, large.Shifts, large.Width));
        RiemShape small = RiemSizes.Choose(64, 64, new RiemPlan());
        Assert.InRange(small.StateDim, 1, 51);
        Assert.True(new RiemPlan { StateDim = small.StateDim }.Bytes(64, 64) < 64 * 64 * 4);
    }

    [Fact]
    public void DynL1_MetricWeight_IsFoundAgain()
    {
        Random random = new(3);
        double[] p = [.. Enumerable.Range(0, 40 * 3).Select(_ => random.NextDouble())];
        double[] q = [.. Enumerable.Range(0, 50 * 3).Select(_ => random.NextDouble())];
        float[] w = new float[40 * 50];
        for (int i = 0; i < w.Length; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                w[i] += (float)((j == 1 ? -1 : 1) * Math.Abs(p[(i / 50 * 3) + j] - q[(i % 50 * 3) + j]));
            }
        }

        FitResult result =
            WeightFitter.Fit(w, 40, 50, new DynPlan(MetricKinds.DynL1) { StateDim = 4, Seconds = 5 });
        Assert.True(result.Error < 0.02, $"{result.Error}");
        Assert.Equal(2, Assert.IsType<DynL1Metric>(result.Weight!.Metric).Heads);
    }

    [Fact]
    public void Riem_MoreBudget_IsNotWorse()
    {
        float[] w = Samples.LowRank(48, 64, 8, 0.5f);
        double little = WeightFitter.Fit(
            w, 48, 64, new RiemPlan { StateDim = 6, Seconds = 0.02 }).Error;
        double more = WeightFitter.Fit(
            w, 48, 64, new RiemPlan { StateDim = 6, Seconds = 1 }).Error;
        Assert.True(more <= little * 1.01, $"{more} against {little}");
    }
}
