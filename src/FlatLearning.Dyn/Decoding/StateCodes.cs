using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Dyn.Decoding;

/// <summary>Unpacks state codes for the tables of metrics.</summary>
internal static class StateCodes
{
    /// <summary>
    /// The codes themselves as terms, those of the columns moved by the offset of a [1, D] range: whole numbers, exact
    /// in float.
    /// </summary>
    public static MetricTerms Terms(MetricStates states, int groupWidth)
    {
        int rows = states.Rows.Layout.Columns;
        int columns = states.Columns.Layout.Columns;
        MetricTerms terms = new(rows, columns, states.Coordinates, groupWidth);
        byte[] rowCodes = Unpack(states.Rows);
        byte[] columnCodes = Unpack(states.Columns);
        for (int i = 0; i < states.Coordinates; i++)
        {
            float offset = states.Range.Shape[0] == 1 ? states.Range.Values[i] : 0;
            for (int k = 0; k < rows; k++)
            {
                terms.Row(k, i) = rowCodes[((long)i * rows) + k];
            }

            for (int n = 0; n < columns; n++)
            {
                terms.Column(n, i) = columnCodes[((long)i * columns) + n] + offset;
            }
        }

        return terms;
    }

    /// <summary>Row-major codes [R, C] of a packed matrix.</summary>
    public static byte[] Unpack(PackedCodes packed)
    {
        CodeLayout layout = packed.Layout;
        long total = (long)layout.Rows * layout.Columns;
        if (total > Array.MaxLength)
        {
            throw new DynFormatException(
                $"{layout.Rows} x {layout.Columns} state codes are too many to decode, at most {Array.MaxLength} fit");
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
                CodeUnpacker.UnpackRow(
                    packed.Bytes.Span.Slice((int)layout.Offset(group, r), layout.BytesPerRow), layout.Bits, row);
                row[..count].CopyTo(codes.AsSpan((int)(((long)r * layout.Columns) + first)));
            }
        }

        return codes;
    }
}
