using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Fitting.Metrics;

/// <summary>A fitted metric and how its fit went.</summary>
/// <param name="Metric">The metric, its states quantised. Every value of it is finite.</param>
/// <param name="Error">tr(Eᵀ H E) / tr(Xᵀ H X) of the stored metric, in double precision; 0 where both are
/// zero.</param>
/// <param name="Status"><see cref="FitStatus.Converged"/> or <see cref="FitStatus.BudgetSpent"/>.</param>
/// <param name="Sweeps">Passes over all unknowns of the final fit.</param>
/// <param name="Text">Short text for tables, such as "dyn-l1 2 heads of d 26, 8-bit states".</param>
internal sealed record MetricFit(Metric Metric, double Error, FitStatus Status, int Sweeps, string Text);
