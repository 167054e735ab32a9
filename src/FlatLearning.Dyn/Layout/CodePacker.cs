namespace FlatLearning.Dyn.Layout;

/// <summary>Writes the packed layout. Plain code: packing happens once, at conversion.</summary>
public static class CodePacker
{
    /// <summary>
    /// Packs row-major codes [R, C] into a blob. Throws <see cref="DynFormatException"/> for a code of 2^b or more.
    /// </summary>
    /// <param name="codes">R·C codes, row-major.</param>
    /// <param name="layout">Where they go.</param>
    /// <param name="blob">Exactly <see cref="CodeLayout.ByteLength"/> bytes; overwritten.</param>
    public static void Pack(ReadOnlySpan<byte> codes, CodeLayout layout, Span<byte> blob)
    {
        if (codes.Length != (long)layout.Rows * layout.Columns || blob.Length != layout.ByteLength)
        {
            throw new ArgumentException($"{codes.Length} codes and {blob.Length} bytes do not fit {layout}.");
        }

        blob.Clear();
        for (int group = 0; group < layout.Groups; group++)
        {
            int firstColumn = group * layout.GroupWidth;
            int count = Math.Min(layout.GroupWidth, layout.Columns - firstColumn);
            for (int row = 0; row < layout.Rows; row++)
            {
                PackRow(
                    codes.Slice((row * layout.Columns) + firstColumn, count),
                    layout,
                    blob.Slice(checked((int)layout.Offset(group, row)), layout.BytesPerRow));
            }
        }
    }

    private static void PackRow(ReadOnlySpan<byte> codes, CodeLayout layout, Span<byte> row)
    {
        for (int lowBit = 0; lowBit < layout.Bits;)
        {
            int width = CodeLayout.PlaneWidth(layout.Bits, lowBit);
            int planeBytes = width * layout.GroupWidth / 8;
            int mask = (1 << width) - 1;
            for (int column = 0; column < codes.Length; column++)
            {
                int code = codes[column];
                if (code >> layout.Bits != 0)
                {
                    throw new DynFormatException($"code {code} does not fit {layout.Bits} bits");
                }

                row[column % planeBytes] |= (byte)(((code >> lowBit) & mask) << (column / planeBytes * width));
            }

            row = row[planeBytes..];
            lowBit += width;
        }
    }
}
