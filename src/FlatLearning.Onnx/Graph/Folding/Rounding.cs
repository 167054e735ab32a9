using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Graph.Folding;

/// <summary>Rounds numbers to the values that an element type has.</summary>
internal static class Rounding
{
    /// <summary>
    /// A tensor of the given type with the given elements, each rounded to that type as ONNX's Cast does.
    /// </summary>
    /// <param name="type">float32, float64, float16, bfloat16, bool or an integer type of at least 8 bits.</param>
    /// <param name="dims">Shape.</param>
    /// <param name="source">Elements by position, in float64.</param>
    /// <param name="count">How many.</param>
    /// <returns>Null for other types, and where an integer type cannot hold an element: that is undefined in
    /// ONNX.</returns>
    public static DenseTensor? To(DataType type, long[] dims, Func<int, double> source, int count)
    {
        Func<double, double>? round = type switch
        {
            DataType.Double => value => value,
            DataType.Float => value => (float)value,
            // Through float32 first, as hosts do: ONNX Runtime casts float64 to float16 in these two steps.
            DataType.Float16 => value => (double)(Half)(float)value,
            DataType.Bfloat16 => value => ToBrain((float)value),
            DataType.Bool => value => value != 0 ? 1 : 0,
            _ when ElementTypes.IsInteger(type) && ElementTypes.BitsOf(type) >= 8 => Math.Truncate,
            _ => null,
        };
        if (round is null)
        {
            return null;
        }

        (double lowest, double highest) = ElementTypes.IsInteger(type) ? RangeOf(type) : (double.NaN, double.NaN);
        bool ranged = !double.IsNaN(lowest);
        float[]? singles = ElementTypes.FitsSingle(type) ? new float[count] : null;
        double[]? doubles = singles is null ? new double[count] : null;
        for (int i = 0; i < count; i++)
        {
            double value = round(source(i));
            // Written so that NaN, which no integer type holds, fails too.
            if (ranged && !(value >= lowest && value <= highest))
            {
                return null;
            }

            if (singles is not null)
            {
                singles[i] = (float)value;
            }
            else
            {
                doubles![i] = value;
            }
        }

        return singles is not null ? new DenseTensor(type, dims, singles) : new DenseTensor(type, dims, doubles!);
    }

    /// <summary>The nearest bfloat16, ties to even; NaN stays NaN.</summary>
    public static float ToBrain(float value)
    {
        if (float.IsNaN(value))
        {
            return value;
        }

        uint bits = BitConverter.SingleToUInt32Bits(value);
        bits += 0x7fff + ((bits >> 16) & 1);
        return BitConverter.UInt32BitsToSingle(bits & 0xffff0000);
    }

    /// <summary>The range of an integer type, cut to the whole numbers that float64 counts without gaps.</summary>
    private static (double Lowest, double Highest) RangeOf(DataType type)
    {
        const double Exact = 1L << 53;
        int bits = ElementTypes.BitsOf(type);
        bool isSigned = type is DataType.Int8 or DataType.Int16 or DataType.Int32 or DataType.Int64;
        double lowest = isSigned ? -Math.Pow(2, bits - 1) : 0;
        double highest = Math.Pow(2, isSigned ? bits - 1 : bits) - 1;
        return (Math.Max(lowest, -Exact), Math.Min(highest, Exact));
    }
}
