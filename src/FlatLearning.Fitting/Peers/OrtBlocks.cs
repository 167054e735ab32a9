namespace FlatLearning.Fitting.Peers;

/// <summary>
/// A weight W [K, N] as ONNX Runtime's MatMulNBits stores it after its default quantisation, byte for byte. Blocks run
/// along K, which is padded with zeros to whole blocks. Symmetric blocks have the scale -(value of largest magnitude) /
/// 2^(b-1) around the code 2^(b-1); asymmetric ones divide their range, 0 included, into 2^b - 1 steps. Codes round
/// half away from zero, all in float32. Source: ONNX Runtime, core/mlas/lib/q4_dq.cpp (column-wise block quantiser) and
/// python/tools/quantization/matmul_nbits_quantizer.py (padding).
/// </summary>
internal sealed class OrtBlocks
{
    private readonly byte[] _codes;
    private readonly float[] _scales;
    private readonly byte[]? _zeroPoints;

    private OrtBlocks(int rows, int columns, int bits, int blockSize, BlockSymmetry symmetry)
    {
        (Rows, Columns, Bits, BlockSize) = (rows, columns, bits, blockSize);
        BlocksPerColumn = ((rows - 1) / blockSize) + 1;
        _codes = new byte[checked(columns * BlocksPerColumn * (blockSize * bits / 8))];
        _scales = new float[columns * BlocksPerColumn];
        _zeroPoints = symmetry == BlockSymmetry.Asymmetric ? new byte[columns * ZeroPointStride] : null;
    }

    /// <summary>K, without padding.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>b.</summary>
    public int Bits { get; }

    /// <summary>Rows of a block.</summary>
    public int BlockSize { get; }

    /// <summary>Blocks along K, the padded one included.</summary>
    public int BlocksPerColumn { get; }

    /// <summary>
    /// The operator's B [N, blocks, block size · b / 8]: codes from the lowest bits of a byte upwards.
    /// </summary>
    public ReadOnlyMemory<byte> Codes => _codes;

    /// <summary>The operator's scales [N, blocks].</summary>
    public ReadOnlyMemory<float> Scales => _scales;

    /// <summary>
    /// The operator's zero points [N, ceil(blocks · b / 8)], packed as the codes are; null for symmetric blocks.
    /// </summary>
    public ReadOnlyMemory<byte>? ZeroPoints =>
        _zeroPoints is { } bytes ? new ReadOnlyMemory<byte>(bytes) : default(ReadOnlyMemory<byte>?);

    /// <summary>Bytes of codes, scales and zero points.</summary>
    public long StoredBytes => _codes.Length + (sizeof(float) * (long)_scales.Length) + (_zeroPoints?.Length ?? 0);

    private int Middle => 1 << (Bits - 1);

    private int Largest => (1 << Bits) - 1;

    private int ZeroPointStride => ((BlocksPerColumn * Bits) + 7) / 8;

    /// <summary>Quantises a weight.</summary>
    /// <param name="w">Row-major [rows, columns], finite.</param>
    /// <param name="rows">K, 1 or more.</param>
    /// <param name="columns">N, 1 or more.</param>
    /// <param name="format">Bits, block size and symmetry.</param>
    public static OrtBlocks Of(ReadOnlySpan<float> w, int rows, int columns, OrtBlockFormat format)
    {
        OrtBlocks result = new(rows, columns, format.Bits, format.BlockSize, format.Symmetry);
        ColumnBlocks blocks = new(rows, columns, format.BlockSize);
        float[] buffer = new float[format.BlockSize];
        for (int block = 0; block < blocks.Count; block++)
        {
            // Rows beyond K are zeros, which neither widen a range that holds 0 nor are ever the largest magnitude.
            int length = blocks.Gather(w, block, buffer).Length;
            buffer.AsSpan(length).Clear();
            result.Quantise(block, buffer);
        }

        result.FillZeroPoints();
        return result;
    }

    /// <summary>
    /// The weight that the operator computes with, (code - zero point) · scale in float32, row-major [rows, columns].
    /// </summary>
    public float[] Dequantise()
    {
        float[] result = new float[Rows * Columns];
        ColumnBlocks blocks = new(Rows, Columns, BlockSize);
        float[] buffer = new float[BlockSize];
        for (int block = 0; block < blocks.Count; block++)
        {
            int zeroPoint = ZeroPoint(block);
            for (int i = 0; i < BlockSize; i++)
            {
                buffer[i] = (Get(_codes, ((long)block * BlockSize) + i) - zeroPoint) * _scales[block];
            }

            blocks.Scatter(buffer, block, result);
        }

        return result;
    }

    private void Quantise(int block, ReadOnlySpan<float> values)
    {
        (float low, float high) = (values[0], values[0]);
        foreach (float value in values)
        {
            (low, high) = (MathF.Min(low, value), MathF.Max(high, value));
        }

        int zeroPoint = Middle;
        float scale;
        if (_zeroPoints is null)
        {
            scale = -(MathF.Abs(high) > MathF.Abs(low) ? high : low) / Middle;
        }
        else
        {
            (low, high) = (MathF.Min(low, 0), MathF.Max(high, 0));
            scale = MathF.Min((high - low) / Largest, float.MaxValue);
            zeroPoint = scale != 0
                ? (int)MathF.Round(Math.Clamp(-low / scale, 0f, Largest), MidpointRounding.AwayFromZero)
                : 0;
            Put(_zeroPoints, ZeroPointIndex(block), zeroPoint);
        }

        // The reciprocal of the smallest subnormal scales is infinite; such a block is as good as zero.
        float reciprocal = scale != 0 && float.IsFinite(1f / scale) ? 1f / scale : 0f;
        _scales[block] = scale;
        for (int i = 0; i < values.Length; i++)
        {
            float code = Math.Clamp(
                MathF.Round((values[i] * reciprocal) + zeroPoint, MidpointRounding.AwayFromZero), 0f, Largest);
            Put(_codes, ((long)block * BlockSize) + i, (int)code);
        }
    }

    /// <summary>Where a column's zero points end within a byte, the rest of it has the middle code.</summary>
    private void FillZeroPoints()
    {
        int slots = ZeroPointStride * 8 / Bits;
        for (int column = 0; _zeroPoints is not null && column < Columns; column++)
        {
            for (int i = BlocksPerColumn; i < slots; i++)
            {
                Put(_zeroPoints, ((long)column * slots) + i, Middle);
            }
        }
    }

    private int ZeroPoint(int block) => _zeroPoints is null ? Middle : Get(_zeroPoints, ZeroPointIndex(block));

    private long ZeroPointIndex(int block) =>
        (block / BlocksPerColumn * (long)(ZeroPointStride * 8 / Bits)) + (block % BlocksPerColumn);

    /// <summary>Writes a number of b bits into bytes that are zero there.</summary>
    private void Put(byte[] bytes, long index, int value)
    {
        int perByte = 8 / Bits;
        bytes[index / perByte] |= (byte)(value << (int)(index % perByte * Bits));
    }

    private int Get(byte[] bytes, long index)
    {
        int perByte = 8 / Bits;
        return (bytes[index / perByte] >> (int)(index % perByte * Bits)) & Largest;
    }
}
