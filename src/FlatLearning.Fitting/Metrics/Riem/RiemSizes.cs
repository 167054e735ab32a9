namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>The published sizes of RieM, cut down for weights that are too small for them.</summary>
internal static class RiemSizes
{
    public const int PublishedStateDim = 52;

    /// <summary>
    /// Without an explicit dimension, the representation takes at most this share of the weight in float32.
    /// </summary>
    private const double LargestShare = 0.25;

    public static RiemShape Choose(int rows, int columns, RiemPlan plan)
    {
        int d = plan.StateDim;
        if (d == 0)
        {
            for (d = PublishedStateDim;
                d > 1
                    && (plan with { StateDim = d }).Bytes(
                        rows, columns) > LargestShare * sizeof(float) * rows * columns;
                d--)
            {
            }
        }

        return new RiemShape(rows, columns, d, Math.Min(plan.Shifts, d), plan.Width);
    }
}
