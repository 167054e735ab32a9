namespace FlatLearning.Fitting.Peers;

/// <summary>
/// ONNX Runtime's block quantisation of float32 models as its MatMulNBits stores it (<see cref="OrtBlocks"/>): packed
/// codes, a float32 scale per block and, in asymmetric blocks, packed zero points; K padded to whole blocks. 4 bits in
/// symmetric blocks of 32, the tool's common choice, are 5.0 bits per weight.
/// </summary>
internal sealed class OrtBlockFormat : IPeerFormat
{
    /// <summary>Rows of a block unless told otherwise.</summary>
    public const int DefaultBlockSize = 32;

    private const int SmallestBlockSize = 16;

    /// <summary>Chooses a format.</summary>
    /// <param name="bits">2, 4 or 8.</param>
    /// <param name="blockSize">Rows of a block, a power of two from 16.</param>
    /// <param name="symmetry">Whether zero points are stored.</param>
    /// <exception cref="ArgumentOutOfRangeException">The operator has no such bits or blocks.</exception>
    public OrtBlockFormat(
        int bits = 4, int blockSize = DefaultBlockSize, BlockSymmetry symmetry = BlockSymmetry.Symmetric)
    {
        if (bits is not (2 or 4 or 8))
        {
            throw new ArgumentOutOfRangeException(nameof(bits), bits, "expected 2, 4 or 8 bits");
        }

        if (blockSize < SmallestBlockSize || (blockSize & (blockSize - 1)) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(blockSize), blockSize, "expected a power of two from 16");
        }

        (Bits, BlockSize, Symmetry) = (bits, blockSize, symmetry);
    }

    /// <summary>4 bits in symmetric blocks of 32.</summary>
    public static OrtBlockFormat Default { get; } = new();

    /// <summary>b.</summary>
    public int Bits { get; }

    /// <summary>Rows of a block.</summary>
    public int BlockSize { get; }

    /// <summary>Whether zero points are stored.</summary>
    public BlockSymmetry Symmetry { get; }

    /// <inheritdoc/>
    public string Family => $"ONNX Runtime{SymmetryText}, block {BlockSize}";

    /// <inheritdoc/>
    public string Name => $"ONNX Runtime {StoredBits.Text(Bits)}{SymmetryText}, block {BlockSize}";

    private string SymmetryText => Symmetry == BlockSymmetry.Asymmetric ? " asymmetric" : string.Empty;

    /// <inheritdoc/>
    public long PlannedBytes(int rows, int columns)
    {
        long blocks = ((rows - 1) / BlockSize) + 1;
        long zeroPoints = Symmetry == BlockSymmetry.Asymmetric ? StoredBits.Bytes(blocks, Bits) : 0;
        return columns * ((blocks * ((BlockSize * Bits / 8) + sizeof(float))) + zeroPoints);
    }

    /// <inheritdoc/>
    public PeerResult RoundTrip(PeerMatrix matrix, CancellationToken cancellation = default)
    {
        OrtBlocks blocks = OrtBlocks.Of(matrix.Values.Span, matrix.Rows, matrix.Columns, this);
        int perBlock = Symmetry == BlockSymmetry.Asymmetric ? 2 : 1;
        return new PeerResult(
            blocks.Dequantise(),
            blocks.StoredBytes,
            matrix.Values.Length + (perBlock * (long)blocks.Scales.Length),
            Name);
    }
}
