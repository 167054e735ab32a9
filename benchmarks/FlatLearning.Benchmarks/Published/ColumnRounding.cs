namespace FlatLearning.Benchmarks.Published;

/// <summary>
/// The published rounding: 2^bits steps from the smallest to the largest value of a column, so 2^bits + 1 levels;
/// halves go to the even step.
/// </summary>
internal static class ColumnRounding
{
    /// <summary>
    /// Rounds one column in place. All equal stays as it is, where the published code divides 0 by 0.
    /// </summary>
    public static void Round(Span<float> column, int bits)
    {
        (float low, float high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (float value in column)
        {
            (low, high) = (MathF.Min(low, value), MathF.Max(high, value));
        }

        float unit = (high - low) / (1 << bits);
        if (unit == 0)
        {
            return;
        }

        foreach (ref float value in column)
        {
            value = low + (MathF.Round((value - low) / unit) * unit);
        }
    }

    /// <summary>A copy of theta whose states are rounded, one coordinate of the rows or columns at a time.</summary>
    public static AlignedArray OfStates(PublishedShape shape, AlignedArray theta, int bits)
    {
        AlignedArray rounded = new(shape.Length);
        theta.Span.CopyTo(rounded.Span);
        for (int i = 0; i < shape.StateDim; i++)
        {
            Round(rounded.Span.Slice(i * shape.PaddedRows, shape.Rows), bits);
            Round(rounded.Span.Slice(shape.Q + (i * shape.PaddedColumns), shape.Columns), bits);
        }

        return rounded;
    }
}
