namespace FlatLearning.Fitting.Peers;

/// <summary>
/// The weight that ONNX Runtime's 4-bit MatMulNBits computes with after its default symmetric quantisation: blocks along K, a float32 scale of
/// -(the value of largest magnitude)/8 each, codes 0 to 15 around 8, rounded half away from zero. Source: ONNX Runtime,
/// core/mlas/lib/q4_dq.cpp, the column-wise block quantiser without zero points, and python/tools/quantization/matmul_nbits_quantizer.py.
/// </summary>
public sealed class OrtBlockFormat : IPeerFormat
{
    /// <summary>Rows of a block.</summary>
    public const int BlockSize = 32;

    private const int Middle = 8;
    private const int Largest = 15;

    /// <inheritdoc/>
    public string Family => $"ONNX Runtime, block {BlockSize}";

    /// <inheritdoc/>
    public string Name => $"ONNX Runtime 4 bits, block {BlockSize}";

    /// <summary>Bytes of the operator's B and scales: K is padded to whole blocks.</summary>
    public static long StoredBytes(int rows, int columns) =>
        (long)columns * ((rows + BlockSize - 1) / BlockSize) * ((BlockSize / 2) + sizeof(float));

    /// <inheritdoc/>
    public long PlannedBytes(int rows, int columns) => StoredBytes(rows, columns);

    /// <inheritdoc/>
    public PeerResult RoundTrip(PeerMatrix matrix, CancellationToken cancellation = default)
    {
        long blocks = new ColumnBlocks(matrix.Rows, matrix.Columns, BlockSize).Count;
        return new PeerResult(
            RoundTrip(matrix.Values.Span, matrix.Rows, matrix.Columns),
            StoredBytes(matrix.Rows, matrix.Columns),
            matrix.Values.Length + blocks,
            Name);
    }

    /// <summary>The dequantised weight, row-major [rows, columns], in float32 as the operator has it.</summary>
    public static float[] RoundTrip(ReadOnlySpan<float> w, int rows, int columns)
    {
        ColumnBlocks blocks = new(rows, columns, BlockSize);
        float[] result = new float[w.Length];
        float[] buffer = new float[blocks.Height];
        for (int i = 0; i < blocks.Count; i++)
        {
            Span<float> block = blocks.Gather(w, i, buffer);
            (float low, float high) = (float.MaxValue, -float.MaxValue);
            foreach (float value in block)
            {
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            }

            float scale = -(MathF.Abs(high) > MathF.Abs(low) ? high : low) / Middle;
            float reciprocal = scale != 0 ? 1f / scale : 0f;
            foreach (ref float value in block)
            {
                float code = Math.Clamp(MathF.Round((value * reciprocal) + Middle, MidpointRounding.AwayFromZero), 0f, Largest);
                value = (code - Middle) * scale;
            }

            blocks.Scatter(buffer, i, result);
        }

        return result;
    }
}
