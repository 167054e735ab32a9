using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Onnx.Portable;

/// <summary>
/// Sizes above which ONNX Runtime leaves a value unfolded, so that the decoding would be repeated at every run: 1.30
/// folds no value of more than 1 GiB.
/// </summary>
internal static class PortableLimits
{
    /// <summary>The largest value of a body in bytes.</summary>
    public const long MaxBytes = 1L << 30;

    /// <summary>Why a weight of this size is not portable; null where it is.</summary>
    public static string? ReasonAgainst(DynWeight weight)
    {
        int width = weight.Terms.Select(term => term.GroupWidth).Max() ?? 1;
        long columns = ((long)weight.Columns + width - 1) / width * width;
        return TooLarge("its decoded weight", weight.Rows * columns);
    }

    /// <summary>Why a metric's factors make a weight not portable; null where they do not.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="expansion">The expansion of a riem metric.</param>
    public static string? ReasonAgainstMetric(Metric metric, RiemExpansion? expansion)
    {
        (long rows, long columns) = (Padded(metric.States.Rows.Layout), Padded(metric.States.Columns.Layout));
        if (metric is DistanceMetric)
        {
            return TooLarge("its distances in all heads", metric.Heads * rows * columns);
        }

        long inner = metric is RiemMetric
            ? (long)metric.Shifts * metric.Width * expansion!.Terms
            : (long)metric.States.Coordinates * ((1 << metric.States.Bits) - 1);
        return TooLarge("a factor of its expanded metric", inner * Math.Max(rows, columns))
            ?? TooLarge("its decoded metric", rows * columns);
    }

    private static long Padded(CodeLayout layout) => (long)layout.Groups * layout.GroupWidth;

    private static string? TooLarge(string what, long elements) => elements * sizeof(float) > MaxBytes
        ? $"{what} has {elements * sizeof(float)} bytes and ONNX Runtime folds values of up to {MaxBytes} bytes"
        : null;
}
