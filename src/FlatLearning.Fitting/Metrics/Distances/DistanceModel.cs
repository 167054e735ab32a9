namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>The unknowns of a fit: metric(p, q) = beta + sum_h lambda_h · term(||p^h - q^h||² + softening_h).</summary>
internal sealed class DistanceModel(int rows, int columns, int heads, int stateDim)
{
    /// <summary>H.</summary>
    public int Heads { get; } = heads;

    /// <summary>d.</summary>
    public int StateDim { get; } = stateDim;

    /// <summary>D.</summary>
    public int Coordinates => Heads * StateDim;

    /// <summary>p, [K, D].</summary>
    public float[] Rows { get; private init; } = new float[rows * heads * stateDim];

    /// <summary>q, [N, D].</summary>
    public float[] Columns { get; private init; } = new float[columns * heads * stateDim];

    /// <summary>lambda [H], then beta.</summary>
    public double[] Linear { get; private init; } = new double[heads + 1];

    /// <summary>Added to squared distances, [H].</summary>
    public float[] Softening { get; private init; } = new float[heads];

    /// <summary>A copy that shares nothing.</summary>
    public DistanceModel Clone() => new(0, 0, Heads, StateDim)
    {
        Rows = (float[])Rows.Clone(),
        Columns = (float[])Columns.Clone(),
        Linear = (double[])Linear.Clone(),
        Softening = (float[])Softening.Clone(),
    };
}
