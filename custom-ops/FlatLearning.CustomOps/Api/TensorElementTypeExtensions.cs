namespace FlatLearning.CustomOps.Api;

/// <summary>Sizes and names of element types.</summary>
public static class TensorElementTypeExtensions
{
    /// <summary>Bits of one element; 0 for types without a fixed size (text, undefined).</summary>
    public static int BitsPerElement(this TensorElementType type) => type switch
    {
        TensorElementType.UInt4 or TensorElementType.Int4 or TensorElementType.Float4E2M1 => 4,
        TensorElementType.UInt8 or TensorElementType.Int8 or TensorElementType.Bool
            or TensorElementType.Float8E4M3FN or TensorElementType.Float8E4M3FNUZ
            or TensorElementType.Float8E5M2 or TensorElementType.Float8E5M2FNUZ => 8,
        TensorElementType.UInt16 or TensorElementType.Int16
            or TensorElementType.Float16 or TensorElementType.BFloat16 => 16,
        TensorElementType.UInt32 or TensorElementType.Int32 or TensorElementType.Float => 32,
        TensorElementType.UInt64 or TensorElementType.Int64
            or TensorElementType.Double or TensorElementType.Complex64 => 64,
        TensorElementType.Complex128 => 128,
        _ => 0,
    };

    /// <summary>
    /// Bytes of a dense tensor with that many elements; types below a byte are packed and rounded up.
    /// </summary>
    /// <exception cref="NotSupportedException">The type has no fixed size.</exception>
    /// <exception cref="OverflowException">The size does not fit 64 bits.</exception>
    public static long ByteCount(this TensorElementType type, long elements)
    {
        int bits = type.BitsPerElement();
        if (bits == 0)
        {
            throw new NotSupportedException($"Tensors of element type {type.OnnxName()} are not supported.");
        }

        return bits >= 8 ? checked(elements * (bits / 8)) : checked((elements * bits) + 7) / 8;
    }

    /// <summary>The type's name in ONNX, for messages: <c>float</c>, <c>float16</c>, <c>int64</c>, ...</summary>
    public static string OnnxName(this TensorElementType type) => type.ToString().ToLowerInvariant();

    /// <summary>The element type that a .NET type is passed as.</summary>
    /// <exception cref="NotSupportedException">The .NET type has no counterpart.</exception>
    public static TensorElementType Of<T>()
        where T : unmanaged
    {
        return typeof(T) == typeof(float) ? TensorElementType.Float
            : typeof(T) == typeof(double) ? TensorElementType.Double
            : typeof(T) == typeof(Half) ? TensorElementType.Float16
            : typeof(T) == typeof(byte) ? TensorElementType.UInt8
            : typeof(T) == typeof(sbyte) ? TensorElementType.Int8
            : typeof(T) == typeof(ushort) ? TensorElementType.UInt16
            : typeof(T) == typeof(short) ? TensorElementType.Int16
            : typeof(T) == typeof(uint) ? TensorElementType.UInt32
            : typeof(T) == typeof(int) ? TensorElementType.Int32
            : typeof(T) == typeof(ulong) ? TensorElementType.UInt64
            : typeof(T) == typeof(long) ? TensorElementType.Int64
            : typeof(T) == typeof(bool) ? TensorElementType.Bool
            : throw new NotSupportedException($"There is no tensor element type for {typeof(T)}.");
    }
}
