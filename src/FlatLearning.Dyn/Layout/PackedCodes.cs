namespace FlatLearning.Dyn.Layout;

/// <summary>
/// A packed matrix of codes: its layout and its bytes, which may lie in memory that somebody else owns.
/// </summary>
public sealed class PackedCodes
{
    private readonly Lazy<ReadOnlyMemory<byte>> _bytes;

    /// <summary>
    /// Wraps a blob without copying it. Throws <see cref="DynFormatException"/> when its length is not that of the
    /// layout.
    /// </summary>
    public PackedCodes(CodeLayout layout, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length != layout.ByteLength)
        {
            throw new DynFormatException(
                $"a packed matrix of {layout.ByteLength} bytes was expected, found {bytes.Length}");
        }

        (Layout, _bytes) = (layout, new Lazy<ReadOnlyMemory<byte>>(bytes));
    }

    /// <summary>Codes that are made when they are first asked for.</summary>
    /// <param name="layout">Their layout.</param>
    /// <param name="bytes">Gives a blob of the layout's length.</param>
    public PackedCodes(CodeLayout layout, Func<ReadOnlyMemory<byte>> bytes) =>
        (Layout, _bytes) = (layout, new Lazy<ReadOnlyMemory<byte>>(bytes));

    /// <summary>The layout.</summary>
    public CodeLayout Layout { get; }

    /// <summary>The blob.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.Value;

    /// <summary>
    /// Packs a row-major R x C matrix of codes, each below 2^<paramref name="bits"/>, in the default group width.
    /// </summary>
    public static PackedCodes Pack(ReadOnlySpan<byte> codes, int rows, int columns, int bits)
    {
        CodeLayout layout = new(rows, columns, bits, CodeLayout.ChooseGroupWidth(columns));
        byte[] bytes = new byte[layout.ByteLength];
        CodePacker.Pack(codes, layout, bytes);
        return new PackedCodes(layout, bytes);
    }
}
