using System.Buffers.Binary;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Runtime;

/// <summary>Conversions of whole tensors, for comparing them.</summary>
internal static class OrtTensorConversions
{
    /// <summary>All elements as doubles: exact except for 64-bit integers beyond 2^53; false is 0, true is 1.</summary>
    /// <exception cref="NotSupportedException">The type is complex or text.</exception>
    public static double[] ToDoubles(this OrtTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.ElementType switch
        {
            TensorElementType.Float => Map(tensor.AsSpan<float>(), static v => v),
            TensorElementType.Double => tensor.AsSpan<double>().ToArray(),
            TensorElementType.Float16 => Map(tensor.AsSpan<Half>(), static v => (double)v),
            TensorElementType.BFloat16 => BFloat16(tensor.Bytes),
            TensorElementType.Int8 => Map(tensor.AsSpan<sbyte>(), static v => v),
            TensorElementType.UInt8 => Map(tensor.AsSpan<byte>(), static v => v),
            TensorElementType.Int16 => Map(tensor.AsSpan<short>(), static v => v),
            TensorElementType.UInt16 => Map(tensor.AsSpan<ushort>(), static v => v),
            TensorElementType.Int32 => Map(tensor.AsSpan<int>(), static v => v),
            TensorElementType.UInt32 => Map(tensor.AsSpan<uint>(), static v => v),
            TensorElementType.Int64 => Map(tensor.AsSpan<long>(), static v => v),
            TensorElementType.UInt64 => Map(tensor.AsSpan<ulong>(), static v => v),
            TensorElementType.Bool => Map(tensor.Bytes, static v => v == 0 ? 0.0 : 1.0),
            _ =>
                throw new NotSupportedException(
                    $"Elements of type {tensor.ElementType.OnnxName()} cannot be read as numbers here."),
        };
    }

    private static double[] Map<T>(ReadOnlySpan<T> source, Func<T, double> convert)
    {
        double[] result = new double[source.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = convert(source[i]);
        }

        return result;
    }

    private static double[] BFloat16(ReadOnlySpan<byte> bytes)
    {
        double[] result = new double[bytes.Length / 2];
        for (int i = 0; i < result.Length; i++)
        {
            int bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16;
            result[i] = BitConverter.Int32BitsToSingle(bits);
        }

        return result;
    }
}
