using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Fitting.Planning;

/// <summary>What an entropy-coded option is fitted with.</summary>
/// <param name="Metric">The metric in front of the codes, already fitted, or null.</param>
/// <param name="Step">The step of H = I, in units of the weight.</param>
internal sealed record EntropyPoint(Metric? Metric, double Step);
