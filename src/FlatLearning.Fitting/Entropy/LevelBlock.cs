namespace FlatLearning.Fitting.Entropy;

/// <summary>The room of one thread that encodes blocks of sixteen columns.</summary>
/// <param name="memory">Memory of the trellis.</param>
/// <param name="rows">K.</param>
internal sealed class LevelBlock(int memory, int rows)
{
    private const int Lanes = LevelEncoder.Lanes;
    private readonly LevelEncoder _encoder = new(memory, rows);
    private readonly float[] _values = new float[rows * Lanes];
    private readonly sbyte[] _centres = new sbyte[rows * Lanes];
    private readonly sbyte[] _levels = new sbyte[rows * Lanes];
    private readonly int[] _columnClasses = new int[Lanes];

    /// <summary>Encodes up to sixteen columns.</summary>
    /// <param name="first">The first column.</param>
    /// <param name="x">Values in units of their step, row-major [K, N].</param>
    /// <param name="centres">Predictions, row-major [K, N].</param>
    /// <param name="classes">Classes of rows and columns.</param>
    /// <param name="rates">Bits of the levels.</param>
    /// <param name="lambda">Squared steps that a bit is worth.</param>
    /// <param name="levels">Receives the columns' levels, row-major [K, N].</param>
    public void Encode(
        int first, float[] x, sbyte[] centres, ClassFields classes, LevelRates rates, float lambda, sbyte[] levels)
    {
        int columns = classes.Columns.Length;
        int count = Math.Min(Lanes, columns - first);
        Array.Clear(_columnClasses);
        classes.Columns.AsSpan(first, count).CopyTo(_columnClasses);
        for (int k = 0; k < rows; k++)
        {
            Fill(x.AsSpan((k * columns) + first, count), _values.AsSpan(k * Lanes, Lanes));
            Fill(centres.AsSpan((k * columns) + first, count), _centres.AsSpan(k * Lanes, Lanes));
        }

        _encoder.Encode(_values, _centres, classes.Rows, _columnClasses, rates, lambda, _levels);
        for (int k = 0; k < rows; k++)
        {
            _levels.AsSpan(k * Lanes, count).CopyTo(levels.AsSpan((k * columns) + first));
        }
    }

    private static void Fill<T>(ReadOnlySpan<T> from, Span<T> to)
    {
        from.CopyTo(to);
        to[from.Length..].Clear();
    }
}
