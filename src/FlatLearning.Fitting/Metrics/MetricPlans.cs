using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Fitting.Metrics;

/// <summary>Plans of all metrics: the one list to extend.</summary>
public static class MetricPlans
{
    /// <summary>One plan of every kind, with default sizes.</summary>
    public static IReadOnlyList<MetricPlan> All { get; } =
    [
        new RiemPlan(), new DynPlan(MetricKinds.DynL1), new DynPlan(MetricKinds.DynL2),
        new DynPlan(MetricKinds.DynInverseL2),
    ];

    /// <summary>The plan of a kind, with default sizes.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static MetricPlan Of(string kind) => All.FirstOrDefault(plan => plan.Kind == kind)
        ?? throw new ArgumentException($"there is no metric '{kind}'", nameof(kind));
}
