using FlatLearning.Dyn;

namespace FlatLearning.Fitting.Peers;

/// <summary>
/// Plain rounding: per column, or per block of it along K, 2^b equidistant levels from the smallest to the largest
/// value (0 included, as ONNX QuantizeLinear has it). Stored are b-bit codes, a scale of 16 bits and a zero point of b
/// bits per block.
/// </summary>
/// <param name="bits">b, 1 to 8.</param>
/// <param name="blockSize">Rows of a block; 0 for whole columns.</param>
internal sealed class UniformFormat(int bits, int blockSize) : IPeerFormat
{
    private readonly int _largest = bits is >= 1 and <= 8
        ? (1 << bits) - 1
        : throw new ArgumentOutOfRangeException(nameof(bits), bits, "expected 1 to 8 bits");

    /// <inheritdoc/>
    public string Family => BlockText("rounding", blockSize);

    /// <inheritdoc/>
    public string Name => BlockText($"rounding {StoredBits.Text(bits)}", blockSize);

    /// <inheritdoc/>
    public long PlannedBytes(int rows, int columns)
    {
        int count = new ColumnBlocks(rows, columns, blockSize).Count;
        return StoredBits.Bytes((long)rows * columns, bits) + (2L * count) + StoredBits.Bytes(count, bits);
    }

    /// <inheritdoc/>
    public PeerResult RoundTrip(PeerMatrix matrix, CancellationToken cancellation = default)
    {
        ColumnBlocks blocks = new(matrix.Rows, matrix.Columns, blockSize);
        ReadOnlySpan<float> w = matrix.Values.Span;
        float[] buffer = new float[blocks.Height];
        float[] lows = new float[blocks.Count];
        float[] scales = new float[blocks.Count];
        for (int i = 0; i < blocks.Count; i++)
        {
            (double low, double high) = (0, 0);
            foreach (float value in blocks.Gather(w, i, buffer))
            {
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            }

            lows[i] = (float)low;
            scales[i] = (float)Math.Min((high - low) / _largest, float.MaxValue);
        }

        // Codes are chosen against the scales as they are stored.
        ParameterTensor stored = ParameterTensor.Smallest(scales, scales.Length);
        float[] result = new float[w.Length];
        for (int i = 0; i < blocks.Count; i++)
        {
            Round(blocks.Gather(w, i, buffer), lows[i], stored.Values[i]);
            blocks.Scatter(buffer, i, result);
        }

        long bytes = StoredBits.Bytes(w.Length, bits) + stored.ByteLength + StoredBits.Bytes(blocks.Count, bits);
        return new PeerResult(result, bytes, w.Length + (2L * blocks.Count), Name);
    }

    /// <summary>How a choice of blocks is written after the name of a format.</summary>
    internal static string BlockText(string name, int blockSize) =>
        blockSize == 0 ? $"{name} per column" : $"{name}, block {blockSize}";

    private void Round(Span<float> values, float low, double scale)
    {
        double zeroPoint = scale > 0 ? Math.Clamp(Math.Round(-low / scale), 0, _largest) : 0;
        foreach (ref float value in values)
        {
            double code = scale > 0 ? Math.Clamp(Math.Round(value / scale) + zeroPoint, 0, _largest) : zeroPoint;
            value = (float)Math.Clamp((code - zeroPoint) * scale, float.MinValue, float.MaxValue);
        }
    }
}
