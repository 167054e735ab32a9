namespace FlatLearning.CustomOps.Api;

/// <summary>Element types of tensors, with the numbers of ONNX's TensorProto.</summary>
internal enum TensorElementType
{
    Undefined, Float, UInt8, Int8, UInt16, Int16, Int32, Int64, String, Bool, Float16, Double, UInt32, UInt64,
    Complex64, Complex128, BFloat16, Float8E4M3FN, Float8E4M3FNUZ, Float8E5M2, Float8E5M2FNUZ, UInt4, Int4, Float4E2M1,
}

/// <summary>Their names and sizes.</summary>
internal static class TensorElementTypeExtensions
{
    /// <summary>As messages name it: <c>float</c>, <c>float16</c>, <c>int64</c>, ...</summary>
    public static string OnnxName(this TensorElementType type) => type.ToString().ToLowerInvariant();

    /// <summary>Bytes of so many elements, packed ones rounded up; 0 for types without a fixed size.</summary>
    public static long Bytes(this TensorElementType type, long elements) => type switch
    {
        TensorElementType.Undefined or TensorElementType.String => 0,
        TensorElementType.UInt4 or TensorElementType.Int4 or TensorElementType.Float4E2M1 => (elements + 1) / 2,
        TensorElementType.UInt16 or TensorElementType.Int16 or TensorElementType.Float16
            or TensorElementType.BFloat16 => 2 * elements,
        TensorElementType.UInt32 or TensorElementType.Int32 or TensorElementType.Float => 4 * elements,
        TensorElementType.UInt64 or TensorElementType.Int64 or TensorElementType.Double
            or TensorElementType.Complex64 => 8 * elements,
        TensorElementType.Complex128 => 16 * elements,
        _ => elements,
    };
}
