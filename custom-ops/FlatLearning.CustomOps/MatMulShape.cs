using FlatLearning.CustomOps.Api;
using FlatLearning.Dyn;

namespace FlatLearning.CustomOps;

/// <summary>Shapes of a product, as ONNX MatMul has them.</summary>
internal static class MatMulShape
{
    /// <summary>Turns the shape of x into that of y.</summary>
    /// <param name="shape">[..., K]; becomes [..., N].</param>
    /// <param name="k">K.</param>
    /// <param name="n">N.</param>
    /// <returns>Rows of x.</returns>
    /// <exception cref="DynFormatException">x has no dimension, or another last one.</exception>
    public static long ToOutput(Span<long> shape, int k, int n)
    {
        if (shape.Length == 0)
        {
            throw new DynFormatException($"x has 0 dimensions, expected 1 to {OrtApi.MaxRank}");
        }

        if (shape[^1] != k)
        {
            throw new DynFormatException($"the last dimension of x is {shape[^1]}, expected K = {k}");
        }

        long rows = 1;
        foreach (long size in shape[..^1])
        {
            rows *= size;
        }

        shape[^1] = n;
        return rows;
    }
}
