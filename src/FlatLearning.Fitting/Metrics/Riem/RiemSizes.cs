using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>The published sizes of RieM, cut down for weights that are too small for them.</summary>
internal static class RiemSizes
{
    public const int PublishedStateDim = 52;

    /// <summary>
    /// Without an explicit dimension, the representation takes at most this share of the weight in float32.
    /// </summary>
    private const double LargestShare = 0.25;

    public static RiemShape Choose(int rows, int columns, FitOptions options)
    {
        int d = options.StateDim;
        if (d == 0)
        {
            for (d = PublishedStateDim;
                d > 1 && Bytes(rows, columns, d, options) > LargestShare * sizeof(float) * rows * columns;
                d--)
            {
            }
        }

        return new RiemShape(rows, columns, d, Math.Min(options.Shifts, d), options.Width);
    }

    /// <summary>About what a fit takes: states, their ranges and the metric at 16 bits.</summary>
    public static double Bytes(int rows, int columns, int d, FitOptions options) =>
        ((double)(rows + columns) * d * options.StateBits / 8) + (8.0 * d)
        + (2.0 * RiemMetric.ParameterCount(d, Math.Min(options.Shifts, d), options.Width));
}
