namespace FlatLearning.Benchmarks.Published;

/// <summary>
/// The published measure: mean absolute error over the standard deviation (n - 1 in the denominator) of the matrix.
/// </summary>
internal static class PublishedError
{
    public static double Of(ReadOnlySpan<float> w, ReadOnlySpan<float> approximation)
    {
        double sum = 0;
        for (int i = 0; i < w.Length; i++)
        {
            sum += Math.Abs((double)w[i] - approximation[i]);
        }

        return sum / w.Length / Deviation(w);
    }

    /// <summary>The unbiased standard deviation.</summary>
    public static double Deviation(ReadOnlySpan<float> w)
    {
        (double mean, double squares) = (0, 0);
        foreach (float value in w)
        {
            mean += value;
        }

        mean /= w.Length;
        foreach (float value in w)
        {
            squares += (value - mean) * (value - mean);
        }

        return Math.Sqrt(squares / (w.Length - 1));
    }
}
