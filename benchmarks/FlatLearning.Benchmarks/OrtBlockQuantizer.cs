namespace FlatLearning.Benchmarks;

/// <summary>
/// The weight that ONNX Runtime's 4-bit MatMulNBits computes with after its default symmetric quantisation: blocks along K, a float32 scale of
/// -(the value of largest magnitude)/8 each, codes 0 to 15 around 8, rounded half away from zero. Source: ONNX Runtime,
/// core/mlas/lib/q4_dq.cpp, the column-wise block quantiser without zero points, and python/tools/quantization/matmul_nbits_quantizer.py.
/// </summary>
internal static class OrtBlockQuantizer
{
    public const int BlockSize = 32;
    private const int Middle = 8;
    private const int Largest = 15;

    /// <summary>The dequantised weight, row-major [rows, columns], in float32 as the operator has it.</summary>
    public static float[] RoundTrip(ReadOnlySpan<float> w, int rows, int columns)
    {
        float[] result = new float[w.Length];
        for (int n = 0; n < columns; n++)
        {
            for (int first = 0; first < rows; first += BlockSize)
            {
                int end = Math.Min(rows, first + BlockSize);
                (float low, float high) = (float.MaxValue, -float.MaxValue);
                for (int k = first; k < end; k++)
                {
                    low = Math.Min(low, w[(k * columns) + n]);
                    high = Math.Max(high, w[(k * columns) + n]);
                }

                float scale = -(MathF.Abs(high) > MathF.Abs(low) ? high : low) / Middle;
                float reciprocal = scale != 0 ? 1f / scale : 0f;
                for (int k = first; k < end; k++)
                {
                    float code = Math.Clamp(MathF.Round((w[(k * columns) + n] * reciprocal) + Middle, MidpointRounding.AwayFromZero), 0f, Largest);
                    result[(k * columns) + n] = (code - Middle) * scale;
                }
            }
        }

        return result;
    }

    /// <summary>Bytes of the operator's B and scales: K is padded to whole blocks.</summary>
    public static long StoredBytes(int rows, int columns) =>
        (long)columns * ((rows + BlockSize - 1) / BlockSize) * ((BlockSize / 2) + sizeof(float));
}
