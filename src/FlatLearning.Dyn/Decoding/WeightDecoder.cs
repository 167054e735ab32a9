namespace FlatLearning.Dyn.Decoding;

/// <summary>
/// The production decoder: float32, vectorised, by tiles of some rows of one column group, without allocation after
/// creation. Immutable, so that any number of threads may decode at once. It reads packed codes where they lie.
/// </summary>
/// <remarks>
/// Errors are float32 rounding: one per tap and scale, and a few per feature of a metric. Memory held besides the
/// weight: the codebook; with riem 4·R·M·(K + N) bytes, with the dyn metrics 4·D·(K + N) bytes
/// (<see cref="TableBytes"/>), N rounded up to whole groups. Creation needs D·(K + N) + 8·(K + N) bytes more for a
/// moment. A tile needs at most 26 KB of stack.
/// </remarks>
public sealed class WeightDecoder
{
    private const int BlockRows = 16;
    private const int PanelRows = 256;

    private readonly DynWeight _weight;
    private readonly DecoderTables _tables;
    private readonly int[]? _rowOrder;
    private readonly int[]? _columnOrder;

    /// <summary>
    /// Prepares a weight. Throws <see cref="DynFormatException"/> when a metric is too large to decode in memory.
    /// </summary>
    public WeightDecoder(DynWeight weight)
    {
        weight = weight.Decoded();
        if (weight.CountsByScale)
        {
            weight = weight.InScaleOrder(out _rowOrder, out _columnOrder);
        }

        (_weight, _tables) = (weight, new DecoderTables(weight));
    }

    /// <summary>K.</summary>
    public int Rows => _weight.Rows;

    /// <summary>N.</summary>
    public int Columns => _weight.Columns;

    /// <summary>g: columns of a group; that of the codes, or the default width for N columns without codes.</summary>
    public int GroupWidth => _tables.GroupWidth;

    /// <summary>Column groups.</summary>
    public int Groups => (int)(((long)Columns + GroupWidth - 1) / GroupWidth);

    /// <summary>Bytes of tables that this object holds besides the weight.</summary>
    public long TableBytes => _tables.Metric?.ByteLength ?? 0;

    /// <summary>Columns of a group: g, or what is left for the last.</summary>
    public int WidthOf(int group) => (int)Math.Min(GroupWidth, Columns - ((long)group * GroupWidth));

    /// <summary>
    /// Writes rows [firstRow, firstRow + rowCount) of one group into a row-major buffer. Any first row: the taps'
    /// history is read from the packed codes. Rows and columns of banded codes count in the order of the scales
    /// (<see cref="DynWeight.InScaleOrder"/>).
    /// </summary>
    /// <param name="group">0 to <see cref="Groups"/> - 1; its first column is group · g.</param>
    /// <param name="firstRow">First row, 0 or more.</param>
    /// <param name="rowCount">Rows, 0 or more.</param>
    /// <param name="destination">[rowCount, stride], of which the first <see cref="WidthOf"/> floats of each row are
    /// overwritten.</param>
    /// <param name="stride">Floats from one row to the next, at least <see cref="WidthOf"/>.</param>
    /// <param name="parts">What to write; parts that the weight lacks count as nothing.</param>
    /// <exception cref="ArgumentException">The tile lies outside the weight, or the buffer is too short.</exception>
    public unsafe void DecodeTile(
        int group, int firstRow, int rowCount, Span<float> destination, int stride, DecodeParts parts = DecodeParts.All)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)group, (uint)Groups, nameof(group));
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)firstRow + rowCount, Rows, nameof(rowCount));
        int width = WidthOf(group);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, width);
        if (rowCount == 0)
        {
            return;
        }

        long needed = ((rowCount - 1L) * stride) + width;
        if (destination.Length < needed)
        {
            throw new ArgumentException(
                $"A tile of {rowCount} rows needs {needed} floats, found {destination.Length}.", nameof(destination));
        }

        fixed (float* tile = destination)
        {
            DecodeTile(group, firstRow, rowCount, width, tile, stride, parts);
        }
    }

    /// <summary>All of a weight, row-major [K, N], decoded on the calling thread.</summary>
    /// <exception cref="OverflowException">It has more elements than an array can hold.</exception>
    public static float[] Dense(DynWeight weight)
    {
        float[] dense = new float[checked(weight.Rows * weight.Columns)];
        new WeightDecoder(weight).Decode(dense);
        return dense;
    }

    /// <summary>Writes all of W, row-major [K, N], on the calling thread.</summary>
    /// <exception cref="ArgumentException">The buffer does not have K·N elements.</exception>
    public void Decode(Span<float> dense, DecodeParts parts = DecodeParts.All)
    {
        CheckDense(dense.Length);
        float[]? tile = _rowOrder is null ? null : new float[PanelRows * GroupWidth];
        for (int piece = 0; piece < Pieces; piece++)
        {
            DecodePiece(piece, dense, tile, parts);
        }
    }

    /// <summary>Writes all of W, row-major [K, N], in independent pieces that the caller may run in parallel.</summary>
    /// <param name="dense">K·N elements.</param>
    /// <param name="forEach">Runs the given action for every index below the given count and returns when all are done;
    /// for example <c>(count, body) => Parallel.For(0, count, body)</c>.</param>
    /// <param name="parts">What to write.</param>
    /// <exception cref="ArgumentException">The buffer does not have K·N elements.</exception>
    public void Decode(Memory<float> dense, Action<int, Action<int>> forEach, DecodeParts parts = DecodeParts.All)
    {
        CheckDense(dense.Length);
        forEach(
            Pieces,
            piece => DecodePiece(
                piece, dense.Span, _rowOrder is null ? null : new float[PanelRows * GroupWidth], parts));
    }

    private int Pieces => (((Rows - 1) / PanelRows) + 1) * Groups;

    /// <summary>
    /// Decodes up to 256 rows of a group to where they belong; by way of <paramref name="tile"/> where rows and columns
    /// have an order of their own.
    /// </summary>
    private void DecodePiece(int piece, Span<float> dense, float[]? tile, DecodeParts parts)
    {
        int firstRow = piece / Groups * PanelRows;
        int group = piece % Groups;
        int count = Math.Min(PanelRows, Rows - firstRow);
        if (tile is null)
        {
            DecodeTile(group, firstRow, count, dense[((firstRow * Columns) + (group * GroupWidth))..], Columns, parts);
            return;
        }

        DecodeTile(group, firstRow, count, tile, GroupWidth, parts);
        ReadOnlySpan<int> columns = _columnOrder.AsSpan(group * GroupWidth, WidthOf(group));
        for (int i = 0; i < count; i++)
        {
            Span<float> row = dense.Slice(_rowOrder![firstRow + i] * Columns, Columns);
            ReadOnlySpan<float> source = tile.AsSpan(i * GroupWidth, columns.Length);
            for (int n = 0; n < columns.Length; n++)
            {
                row[columns[n]] = source[n];
            }
        }
    }

    private unsafe void DecodeTile(
        int group, int firstRow, int rowCount, int width, float* tile, int stride, DecodeParts parts)
    {
        DecodeDense(group, firstRow, rowCount, width, tile, stride, parts);
        for (int n = 0; (parts & DecodeParts.Sparse) != 0 && _tables.Sparse is { } sparse && n < width; n++)
        {
            sparse.Column((group * GroupWidth) + n, out ReadOnlySpan<int> rows, out ReadOnlySpan<float> values);
            int first = rows.BinarySearch(firstRow);
            for (int i = first < 0 ? ~first : first; i < rows.Length && rows[i] < firstRow + rowCount; i++)
            {
                tile[((long)(rows[i] - firstRow) * stride) + n] += values[i];
            }
        }
    }

    private unsafe void DecodeDense(
        int group, int firstRow, int rowCount, int width, float* tile, int stride, DecodeParts parts)
    {
        ICodeTables? codes = (parts & DecodeParts.Codes) != 0 ? _tables.Codes : null;
        for (int done = 0; done < rowCount;)
        {
            int count = rowCount - done;
            CodeRows rows = default;
            if (codes is not null)
            {
                rows = codes.Rows(group, firstRow + done, out int together);
                count = Math.Min(count, together);
            }

            DecodeRows(rows, group, firstRow + done, count, width, tile + ((long)done * stride), stride, parts);
            done += count;
        }
    }

    private unsafe void DecodeRows(
        CodeRows rows, int group, int firstRow, int rowCount, int width, float* tile, int stride, DecodeParts parts)
    {
        CodebookTable? codebook = rows.Table;
        MetricTable? metric = (parts & DecodeParts.Metric) != 0 ? _tables.Metric : null;
        float[]? rowScale = (parts & DecodeParts.RowScale) != 0 ? _weight.RowScale?.Values : null;
        float[]? columnScale = (parts & DecodeParts.ColumnScale) != 0 ? _weight.ColumnScale?.Values : null;

        // Rows of codes lie in whole blocks of lanes; what is above the group width stays zero. Before a block of rows
        // come those that the taps still need, which are zero above the first row of the codes.
        int padded = (GroupWidth + CodebookTable.LaneBlock - 1) / CodebookTable.LaneBlock * CodebookTable.LaneBlock;
        int history = codebook is null ? 0 : codebook.Taps - 1;
        int codeBytes = codebook is null ? 0 : (history + BlockRows) * padded;
        byte* codes = stackalloc byte[codeBytes];
        float* residual = stackalloc float[codebook is null ? 0 : padded];
        new Span<byte>(codes, codeBytes).Clear();
        for (int row = Math.Max(-history, -rows.FirstRow); row < 0; row++)
        {
            rows.Unpack(row, codes + ((row + history) * padded));
        }

        fixed (float* gamma = columnScale)
        {
            for (int done = 0; done < rowCount; done += BlockRows)
            {
                int count = Math.Min(BlockRows, rowCount - done);
                float* block = tile + ((long)done * stride);
                metric?.Write(group, firstRow + done, count, width, block, stride);
                for (int i = 0; i < count; i++)
                {
                    float* target = block + ((long)i * stride);
                    if (codebook is not null)
                    {
                        byte* row = codes + ((history + i) * padded);
                        rows.Unpack(done + i, row);
                        codebook.Residual(row, padded, rows.FirstRow + done + i, padded, residual);
                    }

                    TileFinish.Row(
                        codebook is null ? null : residual,
                        metric is null ? null : target,
                        rowScale is null ? 1f : rowScale[firstRow + done + i],
                        gamma is null ? null : gamma + ((long)group * GroupWidth),
                        target,
                        width);
                }

                new Span<byte>(codes + (count * padded), history * padded).CopyTo(
                    new Span<byte>(codes, history * padded));
            }
        }
    }

    private void CheckDense(int length)
    {
        if (length != (long)Rows * Columns)
        {
            throw new ArgumentException(
                $"A dense weight of [{Rows}, {Columns}] needs {(long)Rows * Columns} floats, found {length}.");
        }
    }
}
