using System.Runtime.InteropServices;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Numpy;
using FlatLearning.Onnx.Tensors;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// NumPy arrays as tensors of the type that a model wants. Whole numbers may change width as long as every value fits,
/// and may become floats; floats may become narrower floats, rounded to the nearest (NumPy makes float64 unasked);
/// floats never become whole numbers.
/// </summary>
internal static class ArrayConversion
{
    /// <summary>Converts; null where the types do not allow it or a value does not fit.</summary>
    public static OrtTensor? To(NpyArray array, TensorElementType type)
    {
        TensorElementType own = (TensorElementType)array.Type;
        if (own == type)
        {
            return OrtTensor.FromBytes(type, array.Data, array.Dims);
        }

        OrtTensor result = OrtTensor.Allocate(type, array.Dims);
        return type switch
        {
            TensorElementType.Float =>
                Fill(array.ToDoubles(), result.AsSpan<float>(), static value => (float)value) ? result : null,
            TensorElementType.Double =>
                Fill(array.ToDoubles(), result.AsSpan<double>(), static value => value) ? result : null,
            TensorElementType.Float16 =>
                Fill(array.ToDoubles(), result.AsSpan<Half>(), static value => (Half)value) ? result : null,
            TensorElementType.Bool when ElementTypes.IsInteger(array.Type) => Narrow(array, result, 0, 1),
            TensorElementType.Int8 or TensorElementType.Int16
                or TensorElementType.Int32 when ElementTypes.IsInteger(array.Type) =>
                Narrow(array, result, -(1L << (type.BitsPerElement() - 1)), (1L << (type.BitsPerElement() - 1)) - 1),
            TensorElementType.UInt8 or TensorElementType.UInt16
                or TensorElementType.UInt32 when ElementTypes.IsInteger(array.Type) =>
                Narrow(array, result, 0, (1L << type.BitsPerElement()) - 1),
            TensorElementType.Int64 when ElementTypes.IsInteger(array.Type) =>
                Narrow(array, result, long.MinValue, long.MaxValue),
            TensorElementType.UInt64 when ElementTypes.IsInteger(array.Type) => Narrow(array, result, 0, long.MaxValue),
            _ => null,
        };
    }

    /// <summary>An array of some of the rows of another.</summary>
    /// <param name="array">At least one dimension.</param>
    /// <param name="start">The first row.</param>
    /// <param name="dims">Shape of the result; its elements are those from the first row on.</param>
    public static NpyArray Rows(NpyArray array, long start, long[] dims)
    {
        int width = ElementTypes.BitsOf(array.Type) / 8;
        long row = array.Dims[0] == 0 ? 0 : array.Data.Length / array.Dims[0];
        long bytes = dims.Aggregate((long)width, (product, dim) => product * dim);
        return new NpyArray(array.Type, dims, array.Data.AsSpan((int)(start * row), (int)bytes).ToArray());
    }

    private static bool Fill<T>(double[] source, Span<T> target, Func<double, T> convert)
    {
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = convert(source[i]);
        }

        return true;
    }

    private static OrtTensor? Narrow(NpyArray array, OrtTensor result, long lowest, long highest)
    {
        long[] values = new long[array.Count];
        ElementDecoder.ToInt64s(array.Type, array.Data, values);
        int width = result.ElementType.BitsPerElement() / 8;

        // A uint64 beyond 2^63 - 1 shows as a negative number and fits nothing.
        lowest = (TensorElementType)array.Type == TensorElementType.UInt64 ? 0 : lowest;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] < lowest || values[i] > highest)
            {
                return null;
            }

            MemoryMarshal.AsBytes(values.AsSpan(i, 1))[..width].CopyTo(result.Bytes[(i * width)..]);
        }

        return result;
    }
}
