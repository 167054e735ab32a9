namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// Where the states of one side may lie: from <paramref name="Lowest"/> [D], whole numbers, to that plus
/// <paramref name="Top"/>, 2^s - 1.
/// </summary>
internal sealed record GridBox(float[] Lowest, int Top)
{
    /// <summary>The nearest point of the grid.</summary>
    public float Snap(double value, int coordinate) => (float)Clamp(Math.Round(value), coordinate);

    /// <summary>The nearest value inside.</summary>
    public double Clamp(double value, int coordinate) =>
        Math.Clamp(value, Lowest[coordinate], Lowest[coordinate] + Top);
}
