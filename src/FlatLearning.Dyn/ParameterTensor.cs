namespace FlatLearning.Dyn;

/// <summary>
/// A small tensor of real parameters with the precision in which it is stored. <see cref="Values"/> always are the
/// stored values: a Float16 tensor rounds on creation.
/// </summary>
public sealed class ParameterTensor
{
    /// <summary>
    /// Creates a tensor, rounding to the storage type. Throws <see cref="DynFormatException"/> when a value is not
    /// finite after rounding, or has no 8-bit logarithm where that is the type.
    /// </summary>
    /// <param name="values">Values in row-major order; copied.</param>
    /// <param name="shape">Dimensions, whose product is the number of values.</param>
    /// <param name="type">Storage precision.</param>
    public ParameterTensor(ReadOnlySpan<float> values, ReadOnlySpan<int> shape, ParameterType type)
    {
        long count = 1;
        foreach (int dimension in shape)
        {
            count = checked(count * dimension);
        }

        if (count != values.Length)
        {
            throw new ArgumentException(
                $"{values.Length} values do not fill the shape [{string.Join(", ", shape.ToArray())}].",
                nameof(values));
        }

        Shape = shape.ToArray();
        Type = type;
        Values = values.ToArray();
        foreach (ref float value in Values.AsSpan())
        {
            float stored = type switch
            {
                ParameterType.Float16 => (float)(Half)value,
                ParameterType.Log8 => LogScale.Value(LogScale.Code(value)),
                _ => value,
            };
            if (!float.IsFinite(stored))
            {
                throw new DynFormatException($"a parameter value of {value} cannot be stored as {type}");
            }

            value = stored;
        }
    }

    /// <summary>Stored values, row-major.</summary>
    public float[] Values { get; }

    /// <summary>Dimensions.</summary>
    public int[] Shape { get; }

    /// <summary>Storage precision.</summary>
    public ParameterType Type { get; }

    /// <summary>Bytes in the file.</summary>
    public long ByteLength => (long)Values.Length * Type switch
    {
        ParameterType.Log8 => 1,
        ParameterType.Float16 => 2,
        _ => 4,
    };

    /// <summary>
    /// A tensor in 16 bits where every value keeps its relative precision there (zero, or magnitude between 2^-14
    /// and 65504), else in 32 bits.
    /// </summary>
    /// <param name="values">Values in row-major order; copied.</param>
    /// <param name="shape">Dimensions, whose product is the number of values.</param>
    public static ParameterTensor Smallest(ReadOnlySpan<float> values, params ReadOnlySpan<int> shape)
    {
        bool fits = true;
        foreach (float value in values)
        {
            float magnitude = MathF.Abs(value);
            fits &= magnitude == 0 || (magnitude >= 6.1035156e-5f && magnitude <= 65504f);
        }

        return new ParameterTensor(values, shape, fits ? ParameterType.Float16 : ParameterType.Float32);
    }
}
