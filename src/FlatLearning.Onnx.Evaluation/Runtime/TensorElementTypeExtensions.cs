using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Runtime;

/// <summary>Sizes and names of element types.</summary>
internal static class TensorElementTypeExtensions
{
    /// <summary>Bits of one element; 0 for types that cannot be held here (text, complex numbers).</summary>
    public static int BitsPerElement(this TensorElementType type) =>
        8 * Math.Max(0, TensorBase.GetElementTypeInfo(type)?.TypeSize ?? 0);

    /// <summary>The type's name in ONNX, for messages: <c>float</c>, <c>float16</c>, <c>int64</c>, ...</summary>
    public static string OnnxName(this TensorElementType type) => type.ToString().ToLowerInvariant();

    /// <summary>The element type that a .NET type is passed as; <see cref="Half"/> is float16.</summary>
    /// <exception cref="NotSupportedException">The .NET type has no counterpart.</exception>
    public static TensorElementType Of<T>()
        where T : unmanaged =>
        typeof(T) == typeof(Half)
            ? TensorElementType.Float16
            : TensorBase.GetTypeInfo(typeof(T))?.ElementType
                ?? throw new NotSupportedException($"There is no tensor element type for {typeof(T)}.");
}
