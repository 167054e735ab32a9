using FlatLearning.Dyn.Layout;

namespace FlatLearning.Dyn.Decoding;

/// <summary>Where the codes of a tile begin; default where it has none.</summary>
/// <param name="Packed">The matrix that holds them.</param>
/// <param name="Table">Their codebook.</param>
/// <param name="Group">Column group in that matrix.</param>
/// <param name="FirstRow">The tile's first row in that matrix.</param>
internal readonly record struct CodeRows(PackedCodes? Packed, CodebookTable? Table, int Group, int FirstRow)
{
    /// <summary>
    /// Unpacks the row that lies so many rows below the tile's first one (or above it, where negative) into a byte per
    /// column.
    /// </summary>
    public unsafe void Unpack(int row, byte* codes)
    {
        CodeLayout layout = Packed!.Layout;
        CodeUnpacker.UnpackRow(
            Packed.Bytes.Span.Slice((int)layout.Offset(Group, FirstRow + row), layout.BytesPerRow), layout.Bits,
            new Span<byte>(codes, layout.GroupWidth));
    }
}
