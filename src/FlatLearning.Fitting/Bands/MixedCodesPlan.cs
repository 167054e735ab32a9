using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Bands;

/// <summary>
/// Codes of several widths in one weight (bands): wide ones where rows and columns are strong, narrow ones or none
/// where they are weak.
/// </summary>
public sealed record MixedCodesPlan : WeightPlan
{
    /// <summary>The most bits of a code on average.</summary>
    public const double MaxBits = 6;

    /// <summary>Bits of a code on average, above 0, up to <see cref="MaxBits"/>.</summary>
    public double Bits { get; init; } = 3;

    internal override void Validate() =>
        Require(Bits is > 0 and <= MaxBits, $"the bits of bands are {Bits}, expected above 0, up to {MaxBits}");

    internal override FitResult Fit(
        MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation) =>
        BandFitter.Fit(target, Bits, progress, cancellation);
}
