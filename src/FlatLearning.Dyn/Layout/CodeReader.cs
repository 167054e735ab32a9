namespace FlatLearning.Dyn.Layout;

/// <summary>
/// Reads one code at a time, straight from the formula of the packing: slow, and right. The decoders' oracle.
/// </summary>
public static class CodeReader
{
    /// <summary>The code at (row, column).</summary>
    public static int Read(PackedCodes packed, int row, int column)
    {
        CodeLayout layout = packed.Layout;
        int inGroup = column % layout.GroupWidth;
        ReadOnlySpan<byte> bytes =
            packed.Bytes.Span.Slice(checked((int)layout.Offset(column / layout.GroupWidth, row)), layout.BytesPerRow);
        int code = 0;
        for (int lowBit = 0; lowBit < layout.Bits;)
        {
            int width = CodeLayout.PlaneWidth(layout.Bits, lowBit);
            int planeBytes = width * layout.GroupWidth / 8;
            int plane = (bytes[inGroup % planeBytes] >> (inGroup / planeBytes * width)) & ((1 << width) - 1);
            code |= plane << lowBit;
            bytes = bytes[planeBytes..];
            lowBit += width;
        }

        return code;
    }
}
