using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Entropy;

/// <summary>
/// Entropy-coded codes at one step for the whole weight, alone or behind a metric; only the library decodes them.
/// <see cref="FitResult.Weight"/> counts the exact bytes of the coded stream.
/// </summary>
public sealed record EntropyCodesPlan : WeightPlan
{
    private EntropyCodesPlan()
    {
    }

    /// <summary>
    /// The uniform step of values, in units of the weight, for H = I; rows with another H[k,k] get it divided by the
    /// root of H[k,k], whose mean is 1. Equal steps (divided by the root of a weight's sensitivity) are the best
    /// allocation over the weights of a model: the error is close to 0.2 · step² a value wherever values are several
    /// steps large. Null where bits are asked for.
    /// </summary>
    public double? Step { get; private init; }

    /// <summary>
    /// Stored bits per weight, at most and nearly, every part counted; null where a step is asked for.
    /// </summary>
    public double? BitsPerWeight { get; private init; }

    /// <summary>
    /// The metric that may stand in front of the codes where the spectrum promises that it pays; null for none.
    /// </summary>
    public MetricPlan? Metric { get; init; }

    /// <summary>Codes at a step.</summary>
    public static EntropyCodesPlan AtStep(double step) => new() { Step = step };

    /// <summary>The largest step whose stored bits per weight are near a number, from below.</summary>
    public static EntropyCodesPlan Within(double bitsPerWeight) => new() { BitsPerWeight = bitsPerWeight };

    internal override void Validate()
    {
        Require(Step is null || (Step > 0 && double.IsFinite(Step.Value)), $"the step is {Step}, expected above 0");
        Require(
            BitsPerWeight is null or (> 0 and <= 64),
            $"the bits per weight are {BitsPerWeight}, expected above 0, up to 64");
        Metric?.Validate();
    }

    internal override FitResult Fit(
        MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation) =>
        EntropyFitter.Fit(target, this, options, progress, cancellation);
}
