using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace FlatLearning.Onnx.Tensors;

/// <summary>Vectorised conversions between float32 and the 16-bit floating-point types.</summary>
internal static class HalfConversion
{
    /// <summary>float16 to float32, exact for every pattern; NaN stays NaN. Lengths are equal.</summary>
    public static void ToSingles(ReadOnlySpan<Half> source, Span<float> destination) =>
        TensorPrimitives.ConvertToSingle(source, destination);

    /// <summary>
    /// float32 to float16, to the nearest, ties to even; beyond 65504 to infinity. Lengths are equal.
    /// </summary>
    public static void ToHalves(ReadOnlySpan<float> source, Span<Half> destination) =>
        TensorPrimitives.ConvertToHalf(source, destination);

    /// <summary>
    /// bfloat16 bit patterns to float32, exact for every pattern: they are the upper halves of float32. Lengths are
    /// equal.
    /// </summary>
    public static void BrainToSingles(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        if (destination.Length < source.Length)
        {
            throw new ArgumentException("The destination is shorter than the source.", nameof(destination));
        }

        int i = 0;
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(destination);
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out Vector<uint> low, out Vector<uint> high);
            (low << 16).CopyTo(bits[i..]);
            (high << 16).CopyTo(bits[(i + Vector<uint>.Count)..]);
        }

        for (; i < source.Length; i++)
        {
            bits[i] = (uint)source[i] << 16;
        }
    }
}
