using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Codes;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>
/// One band of 2 to 6 bits for the look-up product: 64 columns of a row become one register of bytes, each a code with
/// bits of no meaning above it. Groups of 64 and 128 columns are read where they lie; others are packed again in pieces
/// of 64 when the kernel is created.
/// </summary>
internal sealed class Avx512MixedBand
{
    /// <summary>Columns of a block, a register of bytes.</summary>
    public const int Block = 64;

    /// <summary>Bytes of the longest row: 6 bits, 128 columns.</summary>
    public const int MaxRowBytes = 96;

    /// <summary>Entries of a register of a table.</summary>
    public const int Entries = 16;

    /// <summary>Numbers of <see cref="Rotations"/> for a block.</summary>
    public const int RotationsOfBlock = 16;

    private readonly PackedCodes _packed;

    private Avx512MixedBand(Codebook codebook, PackedCodes codes)
    {
        CodeLayout layout = codes.Layout;
        bool inPlace = layout.GroupWidth is Block or 2 * Block;
        _packed = inPlace ? codes : Repack(codes);
        (Bits, Taps, Width) = (codebook.Bits, codebook.Taps, _packed.Layout.GroupWidth);
        FirstBytes = CodeLayout.PlaneWidth(Bits, 0) * Width / 8;
        Table = new CodeTable(codebook).Values;
        Codebook = Bits == 2 ? PairTables(codebook) : Table;
        Rotations = CreateRotations();
    }

    /// <summary>b.</summary>
    public int Bits { get; }

    /// <summary>T.</summary>
    public int Taps { get; }

    /// <summary>Rows P of the band.</summary>
    public int Rows => _packed.Layout.Rows;

    /// <summary>Columns of a piece: 64 or 128.</summary>
    public int Width { get; }

    /// <summary>Bytes of a row of a piece.</summary>
    public int BytesPerRow => _packed.Layout.BytesPerRow;

    /// <summary>Bytes of the first plane of a row.</summary>
    public int FirstBytes { get; }

    /// <summary>Rows that share a table: two of 2-bit codes make one index of four bits.</summary>
    public int RowsOfTable => Bits == 2 ? 2 : 1;

    /// <summary>Whether a row is read up to three bytes beyond its end.</summary>
    public bool ReadsBeyond => Bits == 4 && Width > Block;

    /// <summary>Inputs of a table.</summary>
    public int TableTaps => Taps + RowsOfTable - 1;

    /// <summary>Bytes from table to table.</summary>
    public int Step => BytesPerRow * RowsOfTable;

    /// <summary>
    /// Bytes from a row of codes to what is above their first plane: the second one, or the second row of a pair.
    /// </summary>
    public int Second => Bits == 2 ? BytesPerRow : FirstBytes;

    /// <summary>[taps, 16 or the number of levels], shorter tables repeated.</summary>
    public float[] Table { get; }

    /// <summary>What tables are made of: <see cref="Table"/>, for 2 bits [taps + 1, 16] of two rows.</summary>
    public float[] Codebook { get; }

    /// <summary>
    /// [blocks, 2, 8]: how far each eight bytes of the first plane, then of what is above it, are rotated right.
    /// </summary>
    public long[] Rotations { get; }

    /// <summary>The codes, of which piece i begins at <see cref="Offset"/>.</summary>
    public ReadOnlySpan<byte> Blob => _packed.Bytes.Span;

    /// <summary>Tables for a band, or null where it is empty or has 8 bits.</summary>
    public static Avx512MixedBand? TryCreate(CodeBand band) =>
        band.Codes is { } codes && band.Codebook.Bits <= 6 ? new Avx512MixedBand(band.Codebook, codes) : null;

    /// <summary>Where a piece of the columns begins.</summary>
    public long Offset(int piece) => _packed.Layout.Offset(piece, 0);

    private static PackedCodes Repack(PackedCodes codes)
    {
        CodeLayout from = codes.Layout;
        CodeLayout to = new(from.Rows, from.GroupWidth, from.Bits, Block);
        byte[] blob = GC.AllocateUninitializedArray<byte>(checked((int)to.ByteLength));
        byte[] row = new byte[from.GroupWidth];
        byte[] piece = new byte[Block];
        CodeLayout one = new(1, Block, from.Bits, Block);
        for (int k = 0; k < from.Rows; k++)
        {
            CodeUnpacker.UnpackRow(
                codes.Bytes.Span.Slice(checked((int)from.Offset(0, k)), from.BytesPerRow), from.Bits, row);
            for (int i = 0; i < to.Groups; i++)
            {
                ReadOnlySpan<byte> columns = row.AsSpan((i * Block)..Math.Min(row.Length, (i + 1) * Block));
                columns.CopyTo(piece);
                piece.AsSpan(columns.Length).Clear();
                CodePacker.Pack(piece, one, blob.AsSpan(checked((int)to.Offset(i, k)), to.BytesPerRow));
            }
        }

        return new PackedCodes(to, blob);
    }

    // Entry z + 4 z' of table t: what input t of a pair of rows gives for code z of the first row and z' of the second.
    private static float[] PairTables(Codebook codebook)
    {
        float[] values = codebook.Table.Values;
        float[] pairs = new float[(codebook.Taps + 1) * Entries];
        for (int i = 0; i < pairs.Length; i++)
        {
            (int tap, int first, int second) = (i / Entries, i % 4, i % Entries / 4);
            pairs[i] = (tap < codebook.Taps ? values[(tap * 4) + first] : 0)
                + (tap > 0 ? values[((tap - 1) * 4) + second] : 0);
        }

        return pairs;
    }

    // Byte c of a block is column c: the bits of its field come down to bit 0, those of what is above to where the
    // index wants them. Rotating eight bytes at once takes bits of other bytes along, which nobody looks at.
    private long[] CreateRotations()
    {
        int firstBits = CodeLayout.PlaneWidth(Bits, 0);
        int secondBits = Bits == 2 ? firstBits : Bits - firstBits;
        int place = firstBits;
        int secondBytes = Bits == 2 ? FirstBytes : BytesPerRow - FirstBytes;
        long[] rotations = new long[Width / Block * RotationsOfBlock];
        for (int eight = 0; eight < Width / 8; eight++)
        {
            int at = (eight / 8 * RotationsOfBlock) + (eight % 8);
            rotations[at] = eight * 8 / FirstBytes * firstBits;
            rotations[at + 8] = secondBytes == 0 ? 0 : ((eight * 8 / secondBytes * secondBits) - place) & 63;
        }

        return rotations;
    }
}
