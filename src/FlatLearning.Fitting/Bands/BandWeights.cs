namespace FlatLearning.Fitting.Bands;

/// <summary>How much rows count against each other in the trellis.</summary>
internal static class BandWeights
{
    /// <summary>
    /// Rows much lighter than the mean still decide their codes: weights stay within this factor of it.
    /// </summary>
    private const double Range = 1e6;

    /// <summary>Weights relative to their mean.</summary>
    public static float[] Of(int rows, Func<int, double> weight)
    {
        double[] weights = [.. Enumerable.Range(0, rows).Select(weight)];
        double mean = weights.Average();
        return Array.ConvertAll(weights, value => (float)Math.Clamp(mean > 0 ? value / mean : 1, 1 / Range, Range));
    }
}
