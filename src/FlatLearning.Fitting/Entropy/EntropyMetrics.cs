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
    /// Fits the metrics that the options name: none for <see cref="FitMethod.Codes"/>, and none where rows count
    /// differently, since one step then is not best for all.
    /// </summary>
    public static List<Metric> Fit(
        MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        List<Metric> metrics = [];
        if (options.Method is FitMethod.Codes || !target.Hessian.IsIdentity)
        {
            return metrics;
        }

        FitMethod[] methods = options.Method is FitMethod.Auto ? [FitMethod.Riem] : [options.Method];
        foreach (FitMethod method in methods)
        {
            if (HybridFitter.Size(target, options with { Method = method, Residual = true, Taps = 0 }) is { } size
                && size.Worth - size.Bits > MinGain)
            {
                metrics.Add(MetricFitters.For(method)!.Fit(target, size.Options, progress, cancellation).Metric);
                if (options.StateDim == 0)
                {
                    int directions = 2 * size.Options.StateDim * size.Options.Heads;
                    FitOptions larger = HybridSizes.Sized(
                        size.Options, method == FitMethod.Riem ? 2 * size.Options.StateDim : directions) with
                    {
                        StateBits = Math.Max(MinStateBits, options.StateBits - FewerStateBits),
                    };
                    metrics.Add(MetricFitters.For(method)!.Fit(target, larger, progress, cancellation).Metric);
                }
            }
        }

        return metrics;
    }
}
