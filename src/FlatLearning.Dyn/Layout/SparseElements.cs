using System.Buffers.Binary;

namespace FlatLearning.Dyn.Layout;

/// <summary>
/// Single elements that are added to a weight: positions in column-major order as gaps of one or two bytes, and values.
/// Section "Sparse elements" of <c>schemas/DynMatMul.md</c>.
/// </summary>
public sealed class SparseElements
{
    /// <summary>
    /// Share of the energy that rounding to 16 bits may lose, a little more than it does where all values are in its
    /// normal range.
    /// </summary>
    private const double Negligible = 1e-7;

    private readonly int[] _columnStarts;
    private readonly int[] _rows;

    /// <summary>
    /// Wraps stored elements. Throws <see cref="DynFormatException"/> where they do not fit the matrix.
    /// </summary>
    /// <param name="rows">K.</param>
    /// <param name="columns">N; K·N is below 2^31.</param>
    /// <param name="gaps">E gaps: how many positions lie between an element and the one before, or the
    /// beginning.</param>
    /// <param name="gapBytes">Bytes of a gap, 1 or 2.</param>
    /// <param name="values">[E].</param>
    public SparseElements(int rows, int columns, ReadOnlyMemory<byte> gaps, int gapBytes, ParameterTensor values)
    {
        if ((long)rows * columns > int.MaxValue)
        {
            throw new DynFormatException(
                $"sparse elements need a matrix of fewer than 2^31 elements, found {rows} x {columns}");
        }

        if (values.Shape.Length != 1 || gaps.Length != (long)values.Values.Length * gapBytes)
        {
            throw new DynFormatException(
                $"sparse_gaps has {gaps.Length} bytes and sparse_values the shape "
                    + $"[{string.Join(", ", values.Shape)}], expected {gapBytes} bytes a value");
        }

        (Rows, Columns, Gaps, GapBytes, Values) = (rows, columns, gaps, gapBytes, values);
        _rows = new int[values.Values.Length];
        _columnStarts = new int[columns + 1];
        long position = -1;
        for (int i = 0; i < _rows.Length; i++)
        {
            position +=
                1 + (gapBytes == 1 ? gaps.Span[i] : BinaryPrimitives.ReadUInt16LittleEndian(gaps.Span[(2 * i)..]));
            if (position >= (long)rows * columns)
            {
                throw new DynFormatException(
                    $"sparse element {i} lies at position {position} of a {rows} x {columns} matrix");
            }

            _rows[i] = (int)(position % rows);
            _columnStarts[(int)(position / rows) + 1] = i + 1;
        }

        for (int n = 1; n <= columns; n++)
        {
            _columnStarts[n] = Math.Max(_columnStarts[n], _columnStarts[n - 1]);
        }
    }

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>E, elements stored.</summary>
    public int Count => _rows.Length;

    /// <summary>The stored gaps.</summary>
    public ReadOnlyMemory<byte> Gaps { get; }

    /// <summary>1 or 2.</summary>
    public int GapBytes { get; }

    /// <summary>The stored values, by column and in it by row.</summary>
    public ParameterTensor Values { get; }

    /// <summary>Bytes in the file.</summary>
    public long ByteLength => Gaps.Length + Values.ByteLength;

    /// <summary>The elements of a column: their rows, rising, and their values.</summary>
    public void Column(int column, out ReadOnlySpan<int> rows, out ReadOnlySpan<float> values)
    {
        (int first, int count) = (_columnStarts[column], _columnStarts[column + 1] - _columnStarts[column]);
        rows = _rows.AsSpan(first, count);
        values = Values.Values.AsSpan(first, count);
    }

    /// <summary>
    /// Stores elements in the fewest bytes. Where a gap is too long for its byte, elements of zero stand between.
    /// </summary>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="elements">Row, column and value; one or more, no position twice.</param>
    public static SparseElements Of(int rows, int columns, IEnumerable<(int Row, int Column, float Value)> elements)
    {
        (long Position, float Value)[] sorted = [
            .. elements.Select(element => (((long)element.Column * rows) + element.Row, element.Value))
                .OrderBy(element => element.Item1)];
        SparseElements narrow = Of(rows, columns, sorted, sizeof(byte));
        SparseElements wide = Of(rows, columns, sorted, sizeof(ushort));
        return narrow.ByteLength <= wide.ByteLength ? narrow : wide;
    }

    /// <summary>
    /// The elements at other places: place (i, j) of the result is what stood at (<paramref name="rowOrder"/>[i],
    /// <paramref name="columnOrder"/>[j]).
    /// </summary>
    public SparseElements Reordered(int[] rowOrder, int[] columnOrder)
    {
        int[] placeOfRow = new int[rowOrder.Length];
        for (int i = 0; i < rowOrder.Length; i++)
        {
            placeOfRow[rowOrder[i]] = i;
        }

        List<(int, int, float)> elements = [];
        for (int j = 0; j < columnOrder.Length; j++)
        {
            Column(columnOrder[j], out ReadOnlySpan<int> rows, out ReadOnlySpan<float> values);
            for (int i = 0; i < rows.Length; i++)
            {
                elements.Add((placeOfRow[rows[i]], j, values[i]));
            }
        }

        return Of(Rows, Columns, elements);
    }

    /// <summary>
    /// Whether 16 bits lose a negligible part of all values together: small ones among large ones may lose theirs.
    /// </summary>
    private static bool FitsHalf(List<float> values)
    {
        (double error, double energy) = (0, 0);
        foreach (float value in values)
        {
            double difference = value - (double)(Half)value;
            error += difference * difference;
            energy += (double)value * value;
        }

        return error <= Negligible * energy;
    }

    private static SparseElements Of(int rows, int columns, (long Position, float Value)[] sorted, int gapBytes)
    {
        int max = gapBytes == sizeof(byte) ? byte.MaxValue : ushort.MaxValue;
        List<byte> gaps = [];
        List<float> values = [];
        long before = -1;
        foreach ((long position, float value) in sorted)
        {
            for (; position - before - 1 > max; before += max + 1)
            {
                Add(max, 0);
            }

            Add((int)(position - before - 1), value);
            before = position;
        }

        return new SparseElements(
            rows,
            columns,
            gaps.ToArray(),
            gapBytes,
            new ParameterTensor(
                [.. values], [values.Count], FitsHalf(values) ? ParameterType.Float16 : ParameterType.Float32));

        void Add(int gap, float value)
        {
            gaps.Add((byte)gap);
            if (gapBytes == sizeof(ushort))
            {
                gaps.Add((byte)(gap >> 8));
            }

            values.Add(value);
        }
    }
}
