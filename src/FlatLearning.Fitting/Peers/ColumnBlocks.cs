namespace FlatLearning.Fitting.Peers;

/// <summary>
/// Cuts every column of a row-major matrix into blocks along K, the last of them shorter where K is no multiple;
/// numbered column by column.
/// </summary>
/// <param name="Rows">K.</param>
/// <param name="Columns">N.</param>
/// <param name="Size">Rows of a block; 0 for whole columns.</param>
internal readonly record struct ColumnBlocks(int Rows, int Columns, int Size)
{
    /// <summary>Rows of a full block.</summary>
    public int Height => Size == 0 ? Rows : Math.Min(Size, Rows);

    /// <summary>Blocks of one column.</summary>
    public int PerColumn => ((Rows - 1) / Height) + 1;

    /// <summary>Blocks of all columns.</summary>
    public int Count => checked(PerColumn * Columns);

    /// <summary>
    /// Copies one block into the beginning of a buffer of <see cref="Height"/> elements and returns that part.
    /// </summary>
    public Span<float> Gather(ReadOnlySpan<float> matrix, int block, float[] buffer)
    {
        (int column, int first, int length) = Place(block);
        for (int i = 0; i < length; i++)
        {
            buffer[i] = matrix[((first + i) * Columns) + column];
        }

        return buffer.AsSpan(0, length);
    }

    /// <summary>Copies a block back into its place.</summary>
    public void Scatter(ReadOnlySpan<float> values, int block, Span<float> matrix)
    {
        (int column, int first, int length) = Place(block);
        for (int i = 0; i < length; i++)
        {
            matrix[((first + i) * Columns) + column] = values[i];
        }
    }

    private (int Column, int First, int Length) Place(int block)
    {
        int first = block % PerColumn * Height;
        return (block / PerColumn, first, Math.Min(Height, Rows - first));
    }
}
