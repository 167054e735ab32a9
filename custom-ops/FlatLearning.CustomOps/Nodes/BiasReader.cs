using System.Runtime.InteropServices;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Operators;

namespace FlatLearning.CustomOps.Nodes;

/// <summary>Reads the optional bias.</summary>
internal static class BiasReader
{
    /// <summary>The bias [N]; exact for all its types.</summary>
    /// <exception cref="DynFormatException">Its shape or type is wrong.</exception>
    public static double[] Read(ConstantTensor bias, int columns)
    {
        if (bias.Shape.Length != 1 || bias.Shape[0] != columns)
        {
            throw new DynFormatException(
                $"input bias has the shape [{string.Join(", ", bias.Shape)}], expected [{columns}]");
        }

        ReadOnlySpan<byte> bytes = bias.Bytes.Span;
        return (TensorElementType)bias.ElementType switch
        {
            TensorElementType.Float =>
                Array.ConvertAll(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), v => (double)v),
            TensorElementType.Float16 =>
                Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), v => (double)v),
            TensorElementType.Double => MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
            TensorElementType other =>
                throw new DynFormatException($"input bias is {other.OnnxName()}, expected float, float16 or double"),
        };
    }
}
