namespace FlatLearning.Fitting.Peers;

/// <summary>Numbers that a format keeps as 16-bit floats whatever they are.</summary>
internal static class StoredHalf
{
    /// <summary>The nearest 16-bit float; the largest one beyond its range.</summary>
    public static double Of(double value) =>
        (double)(Half)Math.Clamp(value, -(double)Half.MaxValue, (double)Half.MaxValue);
}
