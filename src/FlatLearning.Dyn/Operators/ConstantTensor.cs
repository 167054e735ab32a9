using System.Runtime.InteropServices;

namespace FlatLearning.Dyn.Operators;

/// <summary>
/// A constant input of a node as the host hands it over: element type, shape, little-endian bytes in row-major order.
/// </summary>
/// <param name="ElementType">The type of an element; may be none of those that have a name here.</param>
/// <param name="Shape">Dimensions.</param>
/// <param name="Bytes">The data; may lie in memory that the host owns.</param>
public sealed record ConstantTensor(TensorType ElementType, long[] Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>
    /// A constant in memory that a host owns and keeps for as long as the weight is used; not copied.
    /// </summary>
    /// <param name="type">The type of an element; those that no operator reads have no bytes here.</param>
    /// <param name="shape">Dimensions.</param>
    /// <param name="data">The address of the first byte.</param>
    /// <param name="name">The input's name, for messages.</param>
    /// <exception cref="DynFormatException">The constant is larger than 2 GB.</exception>
    public static ConstantTensor InPlace(TensorType type, long[] shape, nint data, string name)
    {
        long bytes = shape.Aggregate((long)type.Bytes(), (product, size) => checked(product * size));
        return bytes <= int.MaxValue
            ? new ConstantTensor(type, shape, new ForeignMemory(data, (int)bytes).Memory)
            : throw new DynFormatException($"input {name} has {bytes} bytes, expected less than 2 GB");
    }

    /// <summary>The numbers of a vector in double precision, exact for all types that it may have.</summary>
    /// <param name="name">The input's name, for messages.</param>
    /// <param name="length">How many there must be.</param>
    /// <exception cref="DynFormatException">The tensor has another shape, or none of these types.</exception>
    public double[] ToDoubles(string name, int length)
    {
        if (Shape.Length != 1 || Shape[0] != length)
        {
            throw new DynFormatException(
                $"input {name} has the shape [{string.Join(", ", Shape)}], expected [{length}]");
        }

        return ElementType switch
        {
            TensorType.Float32 => Convert<float>(value => value),
            TensorType.Float16 => Convert<Half>(value => (double)value),
            TensorType.Float64 => Convert<double>(value => value),
            _ => throw new DynFormatException(
                $"input {name} is {ElementType.Name()}, expected float32, float16 or float64"),
        };
    }

    private double[] Convert<T>(Converter<T, double> convert)
        where T : struct => Array.ConvertAll(MemoryMarshal.Cast<byte, T>(Bytes.Span).ToArray(), convert);
}
