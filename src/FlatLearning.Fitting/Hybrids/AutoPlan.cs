using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Hybrids;

/// <summary>
/// Whatever loses least within a number of stored bits per weight: codes of the widest that fit, metrics in front of
/// them, or metrics alone.
/// </summary>
public sealed record AutoPlan : WeightPlan
{
    /// <summary>Stored bits per weight, at most, every part counted.</summary>
    public double BitsPerWeight { get; init; } = 4;

    /// <summary>Taps of the codebook where the bits allow them; 0 for the default of the bits.</summary>
    public int Taps { get; init; }

    /// <summary>The metrics to try.</summary>
    public IReadOnlyList<MetricPlan> Metrics { get; init; } = MetricPlans.All;

    internal override void Validate()
    {
        Require(
            BitsPerWeight is > 0 and <= 64, $"the bits per weight are {BitsPerWeight}, expected above 0, up to 64");
        Require(Taps is >= 0 and <= 5, $"taps is {Taps}, expected 0 to 5");
        foreach (MetricPlan metric in Metrics)
        {
            metric.Validate();
        }
    }

    internal override FitResult Fit(
        MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation) =>
        AutoFitter.Fit(target, this, options, progress, cancellation);
}
