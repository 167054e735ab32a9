using FlatLearning.Dyn;
using FlatLearning.Kernels;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

/// <summary>The oracle of products, for tensors of ONNX Runtime.</summary>
internal static class OracleExtensions
{
    /// <summary>Checks y; returns the largest share of its bound that an error used.</summary>
    /// <param name="oracle">The weight.</param>
    /// <param name="x">[..., K], rounded to its type already.</param>
    /// <param name="y">[..., N].</param>
    public static double Check(this ProductOracle oracle, OrtTensor x, OrtTensor y)
    {
        long[] shape = [.. x.Shape[..^1].ToArray(), oracle.Columns];
        if (!shape.AsSpan().SequenceEqual(y.Shape) || y.ElementType != x.ElementType)
        {
            throw new InvalidOperationException($"y is {y}, expected {x.ElementType} [{string.Join(',', shape)}]");
        }

        ElementType type = x.ElementType switch
        {
            TensorElementType.Float16 => ElementType.Float16,
            TensorElementType.BFloat16 => ElementType.BFloat16,
            TensorElementType.Double => ElementType.Float64,
            _ => ElementType.Float32,
        };
        return oracle.Check(x.ToDoubles(), y.ToDoubles(), type);
    }
}
