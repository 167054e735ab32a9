using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Hybrids;

/// <summary>A size of the metric in front of codes.</summary>
/// <param name="Plan">The plan of its fit.</param>
/// <param name="Worth">Bits per weight of codes that would lower the error as much, judged by the spectrum.</param>
/// <param name="Bits">Bits per weight that it stores.</param>
internal sealed record HybridSize(MetricPlan Plan, double Worth, double Bits);
