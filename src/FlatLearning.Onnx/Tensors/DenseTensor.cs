using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tensors;

/// <summary>
/// A tensor of real numbers in memory, row-major, with the element type that it has in the model. Types whose every
/// value is a float32 are held as float32, the others (float64, 32- and 64-bit integers) as float64.
/// </summary>
internal sealed class DenseTensor
{
    /// <summary>Wraps float32 elements.</summary>
    /// <param name="type">A type with <see cref="ElementTypes.FitsSingle"/>.</param>
    /// <param name="dims">Shape; its product is the number of elements.</param>
    /// <param name="elements">Row-major; not copied.</param>
    public DenseTensor(DataType type, long[] dims, float[] elements)
    {
        (Type, Dims, Singles) = (type, dims, elements);
        Check(elements.Length, ElementTypes.FitsSingle(type));
    }

    /// <summary>Wraps float64 elements, for the types that float32 does not cover.</summary>
    public DenseTensor(DataType type, long[] dims, double[] elements)
    {
        (Type, Dims, Doubles) = (type, dims, elements);
        Check(elements.Length, !ElementTypes.FitsSingle(type));
    }

    /// <summary>Element type in the model.</summary>
    public DataType Type { get; }

    /// <summary>Shape; empty for a scalar.</summary>
    public long[] Dims { get; }

    /// <summary>The elements where float32 holds every value of the type, else null.</summary>
    public float[]? Singles { get; }

    /// <summary>The elements where float32 does not, else null.</summary>
    public double[]? Doubles { get; }

    /// <summary>Number of elements.</summary>
    public int Count => Singles?.Length ?? Doubles!.Length;

    /// <summary>One element by row-major position.</summary>
    public double this[int index] => Singles is not null ? Singles[index] : Doubles![index];

    /// <summary>The same elements under another shape of as many elements; shared, not copied.</summary>
    public DenseTensor WithDims(long[] dims) =>
        Singles is not null ? new(Type, dims, Singles) : new(Type, dims, Doubles!);

    /// <summary>The elements as float32: shared where they are held so, else rounded to the nearest.</summary>
    public float[] ToSingles() => Singles ?? Array.ConvertAll(Doubles!, value => (float)value);

    /// <summary>The elements as float64: shared where they are held so.</summary>
    public double[] ToDoubles() => Doubles ?? Array.ConvertAll(Singles!, value => (double)value);

    private void Check(int count, bool typeFits)
    {
        if (!typeFits || Dims.Aggregate(1L, (product, dim) => checked(product * dim)) != count)
        {
            throw new ArgumentException(
                $"{count} elements do not fill shape {TensorInfo.ShapeText(Dims)} of {ElementTypes.NameOf(Type)}.");
        }
    }
}
