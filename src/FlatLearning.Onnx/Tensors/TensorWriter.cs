using System.Runtime.InteropServices;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Proto;
using Google.Protobuf;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tensors;

/// <summary>
/// Makes tensors with <c>raw_data</c>, the storage that every host reads fastest and that can be moved to an external
/// file.
/// </summary>
internal static class TensorWriter
{
    /// <summary>float32 elements, row-major.</summary>
    public static TensorProto Float32(string name, ReadOnlySpan<long> dims, ReadOnlySpan<float> elements) =>
        Raw(name, DataType.Float, dims, MemoryMarshal.AsBytes(elements).ToArray());

    /// <summary>float64 elements, row-major.</summary>
    public static TensorProto Float64(string name, ReadOnlySpan<long> dims, ReadOnlySpan<double> elements) =>
        Raw(name, DataType.Double, dims, MemoryMarshal.AsBytes(elements).ToArray());

    /// <summary>float16 elements, row-major, rounded to the nearest, ties to even.</summary>
    public static TensorProto Float16(string name, ReadOnlySpan<long> dims, ReadOnlySpan<float> elements)
    {
        byte[] bytes = new byte[elements.Length * 2];
        HalfConversion.ToHalves(elements, MemoryMarshal.Cast<byte, Half>(bytes.AsSpan()));
        return Raw(name, DataType.Float16, dims, bytes);
    }

    /// <summary>float16 elements, row-major.</summary>
    public static TensorProto Float16(string name, ReadOnlySpan<long> dims, ReadOnlySpan<Half> elements) =>
        Raw(name, DataType.Float16, dims, MemoryMarshal.AsBytes(elements).ToArray());

    /// <summary>
    /// Elements in one of the floating-point types of products (float32, float16, bfloat16, float64), rounded to the
    /// nearest, ties to even.
    /// </summary>
    /// <exception cref="ArgumentException">Another type.</exception>
    public static TensorProto Real(string name, DataType type, ReadOnlySpan<long> dims, ReadOnlySpan<float> elements)
    {
        switch (type)
        {
            case DataType.Float:
                return Float32(name, dims, elements);
            case DataType.Float16:
                return Float16(name, dims, elements);
            case DataType.Double:
                return Float64(name, dims, Array.ConvertAll(elements.ToArray(), value => (double)value));
            case DataType.Bfloat16:
                ushort[] brain = Array.ConvertAll(
                    elements.ToArray(),
                    value => (ushort)(BitConverter.SingleToUInt32Bits(Rounding.ToBrain(value)) >> 16));
                return Raw(name, type, dims, MemoryMarshal.AsBytes<ushort>(brain).ToArray());
            default:
                throw new ArgumentException(
                    $"{ElementTypes.NameOf(type)} is no floating-point type of products.", nameof(type));
        }
    }

    /// <summary>
    /// uint8 elements: packed blobs. The array is taken over, not copied, and must not be changed afterwards.
    /// </summary>
    public static TensorProto UInt8(string name, ReadOnlySpan<long> dims, byte[] elements) =>
        Raw(name, DataType.Uint8, dims, elements);

    /// <summary>int64 elements, row-major: shapes and indices.</summary>
    public static TensorProto Int64(string name, ReadOnlySpan<long> dims, ReadOnlySpan<long> elements) =>
        Raw(name, DataType.Int64, dims, MemoryMarshal.AsBytes(elements).ToArray());

    /// <summary>int32 elements, row-major.</summary>
    public static TensorProto Int32(string name, ReadOnlySpan<long> dims, ReadOnlySpan<int> elements) =>
        Raw(name, DataType.Int32, dims, MemoryMarshal.AsBytes(elements).ToArray());

    /// <inheritdoc cref="Raw(string, DataType, ReadOnlySpan{long}, ReadOnlyMemory{byte})"/>
    public static TensorProto Raw(string name, DataType type, ReadOnlySpan<long> dims, byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return Raw(name, type, dims, bytes.AsMemory());
    }

    /// <summary>Elements of any type but string, as densely packed little-endian bytes.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="type">Element type.</param>
    /// <param name="dims">Shape, not negative.</param>
    /// <param name="bytes">Exactly the bytes that type and shape need; taken over, not copied, and not to be
    /// changed afterwards.</param>
    /// <exception cref="ArgumentException">The number of bytes does not fit type and shape.</exception>
    public static TensorProto Raw(string name, DataType type, ReadOnlySpan<long> dims, ReadOnlyMemory<byte> bytes)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)type };
        tensor.Dims.AddRange(dims.ToArray());
        TensorInfo info = TensorInfo.Of(tensor);
        if (type == DataType.String || info.ByteLength != bytes.Length)
        {
            throw new ArgumentException(
                $"{bytes.Length} bytes do not fill shape {info.Shape} of {ElementTypes.NameOf(type)}.", nameof(bytes));
        }

        tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
        return tensor;
    }
}
