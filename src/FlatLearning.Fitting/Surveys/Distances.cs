namespace FlatLearning.Fitting.Surveys;

/// <summary>
/// The matrix that representations are measured against. Sums are taken in double precision, in a fixed order.
/// </summary>
internal sealed class Distances
{
    private readonly ReadOnlyMemory<float> _w;
    private readonly double _energy;
    private readonly double _deviation;

    public Distances(ReadOnlyMemory<float> w)
    {
        _w = w;
        (double sum, double squares) = (0, 0);
        foreach (float value in w.Span)
        {
            sum += value;
            _energy += (double)value * value;
        }

        double mean = sum / w.Length;
        foreach (float value in w.Span)
        {
            squares += (value - mean) * (value - mean);
        }

        // What rounding leaves of the deviation of equal values is no unit to measure in.
        _deviation = Math.Sqrt(squares / w.Length);
        _deviation = _deviation > 1e-9 * Math.Abs(mean) ? _deviation : 0;
    }

    /// <summary>||W - W~||² / ||W||² and mean |W - W~| / std; null where they have no finite value.</summary>
    public (double? Error, double? MeanAbsOverStd) To(ReadOnlySpan<float> values)
    {
        (double squares, double magnitudes) = (0, 0);
        ReadOnlySpan<float> w = _w.Span;
        for (int i = 0; i < w.Length; i++)
        {
            double difference = (double)values[i] - w[i];
            squares += difference * difference;
            magnitudes += Math.Abs(difference);
        }

        return (Ratio(squares, _energy), Ratio(magnitudes / w.Length, _deviation));
    }

    private static double? Ratio(double part, double whole) =>
        part == 0 ? 0 : double.IsFinite(part / whole) ? part / whole : null;
}
