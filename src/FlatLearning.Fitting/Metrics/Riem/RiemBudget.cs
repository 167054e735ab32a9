using System.Diagnostics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// How much a fit may take: units of work, each one pass over its matrix, and seconds; 0 seconds is no limit.
/// </summary>
internal sealed record RiemBudget(double Work, double Seconds)
{
    /// <summary>When the fit began.</summary>
    public long Begin { get; init; } = Stopwatch.GetTimestamp();

    /// <summary>What was spent before, as a share.</summary>
    public double Spent { get; init; }

    /// <summary>Costs below this are nothing but roundings.</summary>
    public double CostLimit { get; init; }
}
