using System.Buffers.Binary;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

/// <summary>Random inputs, the same for the same seed.</summary>
internal static class Inputs
{
    /// <summary>Values over [-1, 1], rounded to the type.</summary>
    public static OrtTensor Random(int seed, TensorElementType type, params ReadOnlySpan<long> shape)
    {
        Random random = new(seed);
        OrtTensor tensor = OrtTensor.Allocate(type, shape);
        for (int i = 0; i < tensor.ElementCount; i++)
        {
            double value = (2 * random.NextDouble()) - 1;
            switch (type)
            {
                case TensorElementType.Float:
                    tensor.AsSpan<float>()[i] = (float)value;
                    break;
                case TensorElementType.Float16:
                    tensor.AsSpan<Half>()[i] = (Half)value;
                    break;
                case TensorElementType.Double:
                    tensor.AsSpan<double>()[i] = value;
                    break;
                case TensorElementType.BFloat16:
                    BinaryPrimitives.WriteUInt16LittleEndian(
                        tensor.Bytes[(2 * i)..], (ushort)(BitConverter.SingleToUInt32Bits((float)value) >> 16));
                    break;
                default:
                    throw new NotSupportedException($"Random values of type {type}.");
            }
        }

        return tensor;
    }
}
