using System.Runtime.InteropServices;
using FlatLearning.Numerics;

namespace FlatLearning.Dyn.Operators;

/// <summary>Reads tensors of real numbers from untrusted nodes.</summary>
internal static class ParameterReader
{
    /// <summary>Checks type, shape and values of an input.</summary>
    /// <exception cref="DynFormatException">One of them is wrong.</exception>
    public static ParameterTensor Read(ConstantTensor tensor, WeightInput input)
    {
        bool isScale = input is WeightInput.RowScale or WeightInput.ColumnScale;
        if (tensor.ElementType is not (TensorType.Float32 or TensorType.Float16)
            && !(isScale && tensor.ElementType == TensorType.UInt8))
        {
            throw new DynFormatException(
                $"input {input.Name()} has element type {tensor.ElementType.Name()}, expected "
                    + $"{(isScale ? "float32, float16 or uint8" : "float32 or float16")}");
        }

        int size = tensor.ElementType.Bytes();
        long count = tensor.Bytes.Length / size;

        // No parameter tensor is empty, so every dimension is 1 or more and none is above the number of values.
        long product = 1;
        foreach (long dimension in tensor.Shape)
        {
            product = dimension < 1 || dimension > count || product < 0
                ? -1
                : Math.Min(product * dimension, int.MaxValue);
        }

        if (product != count || tensor.Bytes.Length != count * size)
        {
            throw new DynFormatException(
                $"input {input.Name()} has the shape [{string.Join(", ", tensor.Shape)}] but "
                    + $"{tensor.Bytes.Length} bytes of data");
        }

        int[] shape = Array.ConvertAll(tensor.Shape, dimension => (int)dimension);

        try
        {
            return size switch
            {
                1 => new ParameterTensor(Scales(tensor.Bytes.Span), shape, ParameterType.Log8),
                2 => new ParameterTensor(ToSingle(tensor.Bytes.Span), shape, ParameterType.Float16),
                _ =>
                    new ParameterTensor(
                        MemoryMarshal.Cast<byte, float>(tensor.Bytes.Span), shape, ParameterType.Float32),
            };
        }
        catch (DynFormatException exception)
        {
            throw new DynFormatException($"input {input.Name()}: {exception.Message}");
        }
    }

    private static float[] ToSingle(ReadOnlySpan<byte> bytes)
    {
        float[] values = new float[bytes.Length / 2];
        HalfConverter.ToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
        return values;
    }

    private static float[] Scales(ReadOnlySpan<byte> bytes)
    {
        float[] values = new float[bytes.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = LogScale.Value(bytes[i]);
        }

        return values;
    }
}
