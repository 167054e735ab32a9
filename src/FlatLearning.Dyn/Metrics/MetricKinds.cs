namespace FlatLearning.Dyn.Metrics;

/// <summary>
/// The values of attribute <c>metric</c>, and the one place that turns them into a <see cref="Metric"/>.
/// </summary>
public static class MetricKinds
{
    /// <summary>No metric.</summary>
    public const string None = "none";

    /// <summary><see cref="RiemMetric"/>.</summary>
    public const string Riem = "riem";

    /// <summary><see cref="DynL1Metric"/>.</summary>
    public const string DynL1 = "dyn-l1";

    /// <summary><see cref="DynL2Metric"/>.</summary>
    public const string DynL2 = "dyn-l2";

    /// <summary><see cref="DynInverseL2Metric"/>.</summary>
    public const string DynInverseL2 = "dyn-inverse-l2";

    /// <summary>All metrics, without <see cref="None"/>.</summary>
    public static IReadOnlyList<string> All { get; } = [Riem, DynL1, DynL2, DynInverseL2];

    /// <summary>
    /// How many rows <c>state_range</c> has for a kind: minimum and step of rows and columns apart (4), shared (2), or
    /// the columns' offset (1).
    /// </summary>
    public static int RangeRows(string kind) => kind switch
    {
        Riem => 4,
        DynL1 => 2,
        _ => 1,
    };

    /// <summary>
    /// Creates a metric of the given kind. Throws <see cref="DynFormatException"/> when its parts disagree.
    /// </summary>
    /// <param name="kind">One of <see cref="All"/>.</param>
    /// <param name="states">The states.</param>
    /// <param name="parameters">metric_parameters.</param>
    /// <param name="heads">H; ignored by riem.</param>
    /// <param name="shifts">R of riem; ignored by others.</param>
    /// <param name="width">M of riem; ignored by others.</param>
    public static Metric Create(
        string kind, MetricStates states, ParameterTensor parameters, int heads, int shifts, int width) => kind switch
    {
        Riem => new RiemMetric(states, parameters, shifts, width),
        DynL1 => new DynL1Metric(states, parameters),
        DynL2 => new DynL2Metric(states, parameters, heads),
        DynInverseL2 => new DynInverseL2Metric(states, parameters, heads),
        _ => throw Unknown(kind),
    };

    /// <summary>The error of a name that is no metric.</summary>
    internal static DynFormatException Unknown(string kind) =>
        new($"attribute metric is '{kind}', expected {None}, {string.Join(", ", All.Take(All.Count - 1))} or "
            + $"{All[^1]}");
}
