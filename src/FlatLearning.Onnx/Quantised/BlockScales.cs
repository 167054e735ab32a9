namespace FlatLearning.Onnx.Quantised;

/// <summary>Scales of blocks along the last axis.</summary>
internal static class BlockScales
{
    /// <summary>Whether scales have the shape of the values but for one number a block.</summary>
    public static bool Fit(long[] scales, long[] values, int block) =>
        scales.Length == values.Length
        && scales[..^1].SequenceEqual(values[..^1])
        && scales[^1] == (values[^1] + block - 1) / block;
}
