using FlatLearning.Fitting.Hybrids;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Codes;

/// <summary>Row and column scales with codes of one width, alone or behind a metric.</summary>
public sealed record UniformCodesPlan : WeightPlan
{
    private const int MaxTransitionBits = 16;

    /// <summary>Bits of a code: 2, 3, 4, 5, 6 or 8.</summary>
    public int Bits { get; init; } = 4;

    /// <summary>
    /// Taps of the codebook, 1 to 5; 0 for the default of the bits (<see cref="DefaultTaps"/>). At most 2^16
    /// transitions per weight: (bits · taps) is 16 or less.
    /// </summary>
    public int Taps { get; init; }

    /// <summary>
    /// Whether scales are 8-bit logarithms, where their range allows it, and the codebook is the common one for unit
    /// Gaussian values, which a model stores once for all its weights: what small weights store besides codes costs as
    /// much as a good part of a bit. For 2 to 6 bits of the default taps, without a metric.
    /// </summary>
    public bool IsCompact { get; init; }

    /// <summary>Whether rows have scales of their own.</summary>
    public RowScales RowScales { get; init; } = RowScales.WhereTheyPay;

    /// <summary>
    /// The metric that the codes stand behind, W~ = rho gamma (metric + code), or null. It takes the smallest sizes
    /// that pay (docs/derivations/hybrid.md) unless its state dimension is given, and is left out where it does not
    /// pay.
    /// </summary>
    public MetricPlan? Metric { get; init; }

    /// <summary>The taps that a fit uses.</summary>
    internal int UsedTaps => Taps > 0 ? Taps : DefaultTaps.Of(Bits);

    /// <summary>Whether a number of taps goes with a number of bits.</summary>
    internal static bool Allows(int bits, int taps) => taps <= 1 || bits * taps <= MaxTransitionBits;

    internal override void Validate()
    {
        Require(Bits is 2 or 3 or 4 or 5 or 6 or 8, $"bits is {Bits}, expected 2, 3, 4, 5, 6 or 8");
        Require(
            Taps is >= 0 and <= 5 && Allows(Bits, Taps),
            $"taps is {Taps}, expected 0 to 5 and at most 16 bits in all taps together, found {Bits * Taps}");
        Require(
            !IsCompact || (Bits <= 6 && UsedTaps == DefaultTaps.Of(Bits) && Metric is null),
            "common codebooks are for 2 to 6 bits of the default taps without a metric");
        Metric?.Validate();
    }

    internal override FitResult Fit(
        MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation) =>
        Metric is null
            ? CodesFitter.Fit(target, this, progress, cancellation)
            : HybridFitter.Fit(target, this, options, progress, cancellation);
}
