using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Hybrids;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Entropy;

/// <summary>
/// The metrics that may stand in front of entropy-coded codes: where the weight's spectrum promises more bits than the
/// metric stores.
/// </summary>
internal static class EntropyMetrics
{
    /// <summary>
    /// Bits per weight that a metric must promise beyond its own before its fit is worth the time; scale classes take a
    /// part of what the spectrum promises.
    /// </summary>
    private const double MinGain = 0.03;

    /// <summary>
    /// Beside the size that the spectrum promises most of, twice its directions in this many fewer bits a coordinate
    /// are tried: better on two of three weights.
    /// </summary>
    private const int FewerStateBits = 2;

    private const int MinStateBits = 4;

    /// <summary>
    /// Fits the metric of a plan in one size or two: none where rows count differently, since one step then is not best
    /// for all.
    /// </summary>
    public static List<Metric> Fit(
        MetricTarget target, MetricPlan? plan, FitOptions options, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        List<Metric> metrics = [];
        if (plan is null || !target.Hessian.IsIdentity)
        {
            return metrics;
        }

        if (HybridFitter.Size(target, plan) is { } size && size.Worth - size.Bits > MinGain)
        {
            metrics.Add(size.Plan.FitMetric(target, options, progress, cancellation).Metric);
            if (plan.StateDim == 0)
            {
                MetricPlan larger = size.Plan.Sized(2 * size.Plan.Coordinates) with
                {
                    StateBits = Math.Max(MinStateBits, plan.StateBits - FewerStateBits),
                };
                metrics.Add(larger.FitMetric(target, options, progress, cancellation).Metric);
            }
        }

        return metrics;
    }
}
