using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>Element types as comparisons see them.</summary>
internal static class TensorNumbers
{
    /// <summary>Whether distances between elements are meaningful: every floating-point type.</summary>
    public static bool IsFloat(TensorElementType type) =>
        type is TensorElementType.Float or TensorElementType.Double or TensorElementType.Float16
            or TensorElementType.BFloat16;

    /// <summary>The elements as doubles.</summary>
    /// <exception cref="UsageException">The type cannot be read as numbers.</exception>
    public static double[] ToDoubles(OrtTensor tensor, string name)
    {
        try
        {
            return tensor.ToDoubles();
        }
        catch (NotSupportedException)
        {
            throw new UsageException(Messages.OutputNotNumeric(name, tensor.ElementType.OnnxName()));
        }
    }
}
