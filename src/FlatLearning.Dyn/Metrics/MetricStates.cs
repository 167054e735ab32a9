using FlatLearning.Dyn.Layout;

namespace FlatLearning.Dyn.Metrics;

/// <summary>The quantised neuronal states of a weight's rows (inputs) and columns (outputs).</summary>
public sealed class MetricStates
{
    /// <summary>
    /// Wraps packed states and their range. Throws <see cref="DynFormatException"/> when their shapes disagree.
    /// </summary>
    /// <param name="rows">Packed D x K codes.</param>
    /// <param name="columns">Packed D x N codes.</param>
    /// <param name="range">[4, D]: minimum and step of the row states, then of the column states; or [2, D], shared by
    /// both; or [1, D], the origin of the column states where the step is 1 and rows begin at 0.</param>
    public MetricStates(PackedCodes rows, PackedCodes columns, ParameterTensor range)
    {
        int coordinates = rows.Layout.Rows;
        if (columns.Layout.Rows != coordinates || columns.Layout.Bits != rows.Layout.Bits
            || range.Shape.Length != 2 || range.Shape[0] is not (1 or 2 or 4) || range.Shape[1] != coordinates)
        {
            throw new DynFormatException(
                $"row states, column states and state_range must agree on {coordinates} coordinates of "
                    + $"{rows.Layout.Bits} bits");
        }

        (Rows, Columns, Range) = (rows, columns, range);
    }

    /// <summary>Packed row states, D x K.</summary>
    public PackedCodes Rows { get; }

    /// <summary>Packed column states, D x N.</summary>
    public PackedCodes Columns { get; }

    /// <summary>Minimum and step per coordinate, [4, D] or [2, D], or the columns' offset, [1, D].</summary>
    public ParameterTensor Range { get; }

    /// <summary>D, coordinates stored per row and per column.</summary>
    public int Coordinates => Rows.Layout.Rows;

    /// <summary>s, bits per coordinate.</summary>
    public int Bits => Rows.Layout.Bits;

    /// <summary>Bytes in the file.</summary>
    public long ByteLength => Rows.Layout.ByteLength + Columns.Layout.ByteLength + Range.ByteLength;

    /// <summary>Coordinate <paramref name="i"/> of the state of row <paramref name="k"/>.</summary>
    public double Row(int k, int i)
    {
        int code = CodeReader.Read(Rows, i, k);
        return Range.Shape[0] == 1 ? code : Range.Values[i] + ((double)Range.Values[Coordinates + i] * code);
    }

    /// <summary>Coordinate <paramref name="i"/> of the state of column <paramref name="n"/>.</summary>
    public double Column(int n, int i)
    {
        int code = CodeReader.Read(Columns, i, n);
        if (Range.Shape[0] == 1)
        {
            return Range.Values[i] + (double)code;
        }

        int first = Range.Shape[0] == 4 ? 2 * Coordinates : 0;
        return Range.Values[first + i] + ((double)Range.Values[first + Coordinates + i] * code);
    }

    /// <summary>All row states, row-major [K, D].</summary>
    public double[] DecodeRows() => Decode(Rows.Layout.Columns, Row);

    /// <summary>All column states, row-major [N, D].</summary>
    public double[] DecodeColumns() => Decode(Columns.Layout.Columns, Column);

    /// <summary>
    /// The same states with other rows and columns: place i of the result holds what stood at
    /// <paramref name="rows"/>[i] and <paramref name="columns"/>[i].
    /// </summary>
    public MetricStates Reordered(int[] rows, int[] columns) =>
        new(Reordered(Rows, rows), Reordered(Columns, columns), Range);

    private static PackedCodes Reordered(PackedCodes packed, int[] order)
    {
        CodeLayout layout = packed.Layout;
        byte[] codes = new byte[checked(layout.Rows * layout.Columns)];
        byte[] row = new byte[layout.Groups * layout.GroupWidth];
        for (int i = 0; i < layout.Rows; i++)
        {
            for (int group = 0; group < layout.Groups; group++)
            {
                Decoding.CodeUnpacker.UnpackRow(
                    packed.Bytes.Span.Slice(checked((int)layout.Offset(group, i)), layout.BytesPerRow), layout.Bits,
                    row.AsSpan(group * layout.GroupWidth, layout.GroupWidth));
            }

            for (int place = 0; place < order.Length; place++)
            {
                codes[(i * layout.Columns) + place] = row[order[place]];
            }
        }

        byte[] bytes = new byte[layout.ByteLength];
        CodePacker.Pack(codes, layout, bytes);
        return new PackedCodes(layout, bytes);
    }

    private double[] Decode(int count, Func<int, int, double> state)
    {
        double[] states = new double[checked(count * Coordinates)];
        for (int k = 0; k < count; k++)
        {
            for (int i = 0; i < Coordinates; i++)
            {
                states[(k * Coordinates) + i] = state(k, i);
            }
        }

        return states;
    }
}
