using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting;
using FlatLearning.Fitting.Tests;

namespace FlatLearning.Benchmarks.Tests;

public class RateCurveTests
{
    [Fact]
    public void Measure_StructuredWeight_GivesPointsThatTheirOptionsMakeAgain()
    {
        float[] w = Samples.LowRank(64, 80, 2, 0.2f);
        IReadOnlyList<RatePoint> points = RateCurve.Measure(
            w, 64, 80, [TestPlans.Metric(MetricKinds.DynL1, stateBits: 4, seconds: 0.1)]);
        Assert.Equal(6, points.Count(point => point.Plan.Metric is null));
        Assert.Contains(points, point => point.Fit.Weight!.Metric is not null);
        Assert.Equal(points.Select(point => point.BitsPerWeight).Order(), points.Select(point => point.BitsPerWeight));
        RatePoint hybrid = points.First(point => point.Fit.Weight!.Metric is not null && point.Plan.Bits == 3);
        Assert.Equal(
            Samples.Bytes(hybrid.Fit.Weight!), Samples.Bytes(WeightFitter.Fit(w, 64, 80, hybrid.Plan).Weight!));
        Assert.Equal(Samples.RelativeError(hybrid.Fit.Weight!, w), hybrid.Error, 10);
    }

    [Fact]
    public void LowerHull_Points_AreThoseThatSomeLambdaWants()
    {
        IReadOnlyList<RatePoint> points = RateCurve.Measure(
            Samples.LowRank(64, 80, 2, 0.2f),
            64,
            80,
            [TestPlans.Metric(MetricKinds.DynL1, stateBits: 4, seconds: 0.1)]);
        HashSet<RatePoint> wanted = [];
        for (double lambda = 1e-9; lambda < 10; lambda *= 1.02)
        {
            wanted.Add(points.MinBy(point => point.Error + (lambda * point.BitsPerWeight))!);
        }

        IReadOnlyList<RatePoint> hull = RateCurve.LowerHull(points);
        Assert.Subset(hull.ToHashSet(), wanted);
        Assert.Equal(points[0], hull[0]);
        Assert.Equal(points.MinBy(point => point.Error), hull[^1]);
    }
}
