namespace FlatLearning.Dyn.Metrics;

/// <summary>The values of attribute <c>metric</c>, and the one place that turns them into a <see cref="Metric"/>.</summary>
public static class MetricKinds
{
    /// <summary>No metric.</summary>
    public const string None = "none";

    /// <summary><see cref="RiemMetric"/>.</summary>
    public const string Riem = "riem";

    /// <summary><see cref="DynL1Metric"/>.</summary>
    public const string DynL1 = "dyn-l1";

    /// <summary>How many rows <c>state_range</c> has for a kind: rows and columns apart (4), or shared (2).</summary>
    public static int RangeRows(string kind) => kind == DynL1 ? 2 : 4;

    /// <summary>Creates a metric of the given kind. Throws <see cref="DynFormatException"/> when its parts disagree.</summary>
    public static Metric Create(string kind, MetricStates states, ParameterTensor parameters, int shifts, int width) => kind switch
    {
        Riem => new RiemMetric(states, parameters, shifts, width),
        DynL1 => new DynL1Metric(states, parameters),
        _ => throw new DynFormatException($"attribute metric is '{kind}', expected {None}, {Riem} or {DynL1}"),
    };
}
