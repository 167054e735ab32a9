using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Planning;

/// <summary>What an effort means in numbers.</summary>
/// <param name="SampleWeights">About how many weights are encoded to estimate one option.</param>
/// <param name="Rounds">The most rounds of training the tables on the sample.</param>
/// <param name="MinGain">Bits per weight that a metric must be worth, by the spectrum and after its own price, before
/// it is fitted.</param>
/// <param name="MetricSeconds">Seconds on a reference core for the fit of one metric.</param>
/// <param name="Metrics">The metrics that are looked at.</param>
internal sealed record EffortSettings(
    int SampleWeights, int Rounds, double MinGain, double MetricSeconds, IReadOnlyList<MetricPlan> Metrics)
{
    /// <summary>The settings of an effort.</summary>
    public static EffortSettings Of(FitEffort effort) => effort switch
    {
        FitEffort.Fast => new EffortSettings(1 << 13, 6, double.PositiveInfinity, 0.1, []),
        FitEffort.Max => new EffortSettings(1 << 16, 18, 0.02, 10, MetricPlans.All),
        _ => new EffortSettings(
            1 << 14, 18, 0.1, 1, [MetricPlans.Of(MetricKinds.Riem), MetricPlans.Of(MetricKinds.DynL2)]),
    };
}
