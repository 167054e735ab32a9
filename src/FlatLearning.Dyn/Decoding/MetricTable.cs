using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Dyn.Decoding;

/// <summary>
/// A metric prepared for decoding: what depends on rows alone and on columns alone, computed once in double precision
/// and rounded to float. Immutable.
/// </summary>
internal abstract class MetricTable
{
    /// <summary>Columns per block of <see cref="ColumnTerms"/>.</summary>
    protected const int LaneBlock = CodebookTable.LaneBlock;

    private readonly int _groupWidth;

    protected MetricTable(int groupWidth, int terms, float[] rowTerms, float[] columnTerms) =>
        (_groupWidth, Terms, RowTerms, ColumnTerms) = (groupWidth, terms, rowTerms, columnTerms);

    /// <summary>Terms per row and column: features of riem, coordinates of dyn-l1.</summary>
    protected int Terms { get; }

    /// <summary>[K, Terms].</summary>
    protected float[] RowTerms { get; }

    /// <summary>[groups, blocks of a group, Terms, <see cref="LaneBlock"/>]: one block is read as a stream.</summary>
    protected float[] ColumnTerms { get; }

    /// <summary>Bytes held.</summary>
    public long ByteLength => sizeof(float) * ((long)RowTerms.Length + ColumnTerms.Length);

    /// <summary>Prepares a metric for tiles of the given group width.</summary>
    public static MetricTable Create(Metric metric, int groupWidth) => metric switch
    {
        RiemMetric riem => RiemTable.Create(riem, groupWidth),
        DynL1Metric l1 => DynL1Table.Create(l1, groupWidth),
        _ => throw new NotSupportedException($"The metric {metric.Kind} has no production decoder."),
    };

    /// <summary>Writes metric(p_k, q_n) for rows [firstRow, firstRow + rowCount) and the first <paramref name="width"/> columns of a group.</summary>
    /// <param name="group">Column group.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="rowCount">Rows.</param>
    /// <param name="width">Columns to write, at most the group width.</param>
    /// <param name="destination">[rowCount, stride].</param>
    /// <param name="stride">Floats from one row to the next.</param>
    public abstract unsafe void Write(int group, int firstRow, int rowCount, int width, float* destination, int stride);

    /// <summary>Offset into <see cref="ColumnTerms"/> of the block that starts at column <paramref name="column"/> of a group.</summary>
    protected int BlockOffset(int group, int column) =>
        ((group * BlocksOf(_groupWidth)) + (column / LaneBlock)) * Terms * LaneBlock;

    /// <summary>Blocks per group.</summary>
    protected static int BlocksOf(int groupWidth) => (groupWidth + LaneBlock - 1) / LaneBlock;

    /// <summary>Index into <see cref="ColumnTerms"/> of a term of a column of the whole matrix.</summary>
    protected static int ColumnIndex(int column, int term, int terms, int groupWidth)
    {
        int inGroup = column % groupWidth;
        int block = (column / groupWidth * BlocksOf(groupWidth)) + (inGroup / LaneBlock);
        return (((block * terms) + term) * LaneBlock) + (inGroup % LaneBlock);
    }

    /// <summary>Allocates the two tables. Throws <see cref="DynFormatException"/> where they are too large for an array.</summary>
    protected static (float[] Rows, float[] Columns) Allocate(int rows, int columns, int terms, int groupWidth)
    {
        long groups = ((long)columns + groupWidth - 1) / groupWidth;
        long rowTerms = (long)rows * terms;
        long columnTerms = groups * BlocksOf(groupWidth) * LaneBlock * terms;
        if (rowTerms > Array.MaxLength || columnTerms > Array.MaxLength)
        {
            throw new DynFormatException($"a metric of {terms} terms between {rows} rows and {columns} columns is too large to decode, at most {Array.MaxLength} terms of rows or columns fit");
        }

        return (new float[rowTerms], new float[columnTerms]);
    }

    /// <summary>Row-major codes [R, C] of a packed matrix.</summary>
    protected static byte[] Unpack(PackedCodes packed)
    {
        CodeLayout layout = packed.Layout;
        long total = (long)layout.Rows * layout.Columns;
        if (total > Array.MaxLength)
        {
            throw new DynFormatException($"{layout.Rows} x {layout.Columns} state codes are too many to decode, at most {Array.MaxLength} fit");
        }

        byte[] codes = new byte[total];
        Span<byte> row = stackalloc byte[CodeLayout.MaxGroupWidth];
        row = row[..layout.GroupWidth];
        for (int group = 0; group < layout.Groups; group++)
        {
            int first = group * layout.GroupWidth;
            int count = Math.Min(layout.GroupWidth, layout.Columns - first);
            for (int r = 0; r < layout.Rows; r++)
            {
                CodeUnpacker.UnpackRow(packed.Bytes.Span.Slice((int)layout.Offset(group, r), layout.BytesPerRow), layout.Bits, row);
                row[..count].CopyTo(codes.AsSpan((int)(((long)r * layout.Columns) + first)));
            }
        }

        return codes;
    }
}
