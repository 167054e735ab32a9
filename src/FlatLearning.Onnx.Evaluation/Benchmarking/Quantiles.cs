namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>Median and spread of measurements.</summary>
/// <param name="P10">The 10th percentile.</param>
/// <param name="Median">The 50th.</param>
/// <param name="P90">The 90th.</param>
internal readonly record struct Quantiles(double P10, double Median, double P90)
{
    /// <summary>The quantiles of some values, in any order.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Quantiles Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return new Quantiles(At(sorted, 0.1), At(sorted, 0.5), At(sorted, 0.9));
    }

    /// <summary>
    /// A quantile of sorted values, interpolated linearly: the value at position q (n - 1), counted from 0 (Hyndman and
    /// Fan 1996, type 7).
    /// </summary>
    /// <param name="sorted">The values, ascending, at least one.</param>
    /// <param name="quantile">Between 0 and 1.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static double At(ReadOnlySpan<double> sorted, double quantile)
    {
        if (sorted.IsEmpty)
        {
            throw new ArgumentException("There is no quantile of nothing.", nameof(sorted));
        }

        double position = quantile * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
