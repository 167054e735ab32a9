using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using Google.Protobuf.Collections;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tensors;

/// <summary>A tensor's type and shape, checked: no negative dimension, and sizes that do not overflow.</summary>
/// <param name="Name">The tensor's name, or a stand-in for one without.</param>
/// <param name="Type">Element type.</param>
/// <param name="Dims">Dimensions; empty for a scalar.</param>
/// <param name="Count">Number of elements, the product of <paramref name="Dims"/>.</param>
/// <param name="ByteLength">Bytes of the densely packed elements, the last byte filled up with zero bits; 0 for
/// strings.</param>
internal sealed record TensorInfo(string Name, DataType Type, long[] Dims, long Count, long ByteLength)
{
    /// <summary>The shape as users read it, for example <c>[64,128]</c>.</summary>
    public string Shape => ShapeText(Dims);

    /// <summary>Checks a tensor's header; the elements are not looked at.</summary>
    /// <exception cref="OnnxModelException">Unknown type, negative dimension, overflow, or a tensor in
    /// segments.</exception>
    public static TensorInfo Of(TensorProto tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        string name = tensor.Name.Length > 0 ? tensor.Name : "(no name)";
        if (tensor.Segment is not null)
        {
            throw new OnnxModelException(Messages.TensorSegment(name));
        }

        if (!ElementTypes.IsKnown(tensor.DataType))
        {
            throw new OnnxModelException(Messages.TensorUnknownType(name, tensor.DataType));
        }

        return Of(name, (DataType)tensor.DataType, tensor.Dims);
    }

    /// <summary>Checks a shape.</summary>
    internal static TensorInfo Of(string name, DataType type, RepeatedField<long> dims)
    {
        long[] shape = [.. dims];
        long count = CountOf(name, shape);
        int bits = ElementTypes.BitsOf(type);
        if (count > long.MaxValue / 128)
        {
            throw new OnnxModelException(Messages.TensorTooLarge(name, ShapeText(shape)));
        }

        return new TensorInfo(name, type, shape, count, ((count * bits) + 7) / 8);
    }

    /// <summary>
    /// The product of the dimensions. A zero anywhere makes it zero, but the other dimensions must be sane all the
    /// same.
    /// </summary>
    internal static long CountOf(string name, long[] dims)
    {
        long product = 1;
        bool empty = false;
        foreach (long dim in dims)
        {
            if (dim < 0)
            {
                throw new OnnxModelException(Messages.TensorNegativeDimension(name, ShapeText(dims)));
            }

            empty |= dim == 0;
            if (dim > 0 && product > long.MaxValue / dim)
            {
                throw new OnnxModelException(Messages.TensorTooLarge(name, ShapeText(dims)));
            }

            product *= Math.Max(dim, 1);
        }

        return empty ? 0 : product;
    }

    /// <summary>Formats a shape; long ones are cut, since a damaged file may claim thousands of dimensions.</summary>
    internal static string ShapeText(ReadOnlySpan<long> dims) => dims.Length <= 16
        ? $"[{string.Join(',', dims.ToArray())}]"
        : $"[{string.Join(',', dims[..16].ToArray())},...]";
}
