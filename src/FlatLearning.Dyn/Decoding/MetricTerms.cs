namespace FlatLearning.Dyn.Decoding;

/// <summary>Terms of rows and columns while a table is prepared.</summary>
internal sealed class MetricTerms
{
    private readonly int _groupWidth;

    /// <summary>
    /// Allocates terms. Throws <see cref="DynFormatException"/> where they are too large for an array.
    /// </summary>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="terms">Terms per row and column: features of riem, coordinates of the dyn metrics.</param>
    /// <param name="groupWidth">g.</param>
    public MetricTerms(int rows, int columns, int terms, int groupWidth)
    {
        (Count, _groupWidth, BlocksPerGroup) =
            (terms, groupWidth, (groupWidth + MetricTable.LaneBlock - 1) / MetricTable.LaneBlock);
        long groups = ((long)columns + groupWidth - 1) / groupWidth;
        long rowTerms = (long)rows * terms;
        long columnTerms = groups * BlocksPerGroup * MetricTable.LaneBlock * terms;
        if (rowTerms > Array.MaxLength || columnTerms > Array.MaxLength)
        {
            throw new DynFormatException(
                $"a metric of {terms} terms between {rows} rows and {columns} columns is too large to decode, at "
                    + $"most {Array.MaxLength} terms of rows or columns fit");
        }

        (Rows, Columns) = (new float[rowTerms], new float[columnTerms]);
    }

    /// <summary>Terms per row and column.</summary>
    public int Count { get; }

    /// <summary>Blocks of <see cref="MetricTable.LaneBlock"/> columns in a group.</summary>
    public int BlocksPerGroup { get; }

    /// <summary>[K, terms].</summary>
    public float[] Rows { get; }

    /// <summary>
    /// [groups, blocks of a group, terms, <see cref="MetricTable.LaneBlock"/>]: one block is read as a stream.
    /// </summary>
    public float[] Columns { get; }

    /// <summary>A term of a row.</summary>
    public ref float Row(int row, int term) => ref Rows[((long)row * Count) + term];

    /// <summary>A term of a column.</summary>
    public ref float Column(int column, int term)
    {
        int inGroup = column % _groupWidth;
        int block = (column / _groupWidth * BlocksPerGroup) + (inGroup / MetricTable.LaneBlock);
        return ref Columns[(((block * Count) + term) * MetricTable.LaneBlock) + (inGroup % MetricTable.LaneBlock)];
    }
}
