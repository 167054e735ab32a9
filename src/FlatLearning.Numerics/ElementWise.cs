using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Numerics;

/// <summary>
/// Functions of every element of a span. NaN in gives NaN out; empty spans are allowed; source and destination are the
/// same span or do not overlap.
/// </summary>
public static class ElementWise
{
    /// <summary>
    /// The largest relative error of <see cref="Exp"/> and <see cref="Sigmoid"/> where the result is a normal number;
    /// below that the absolute error is at most 2^-126 (the machine may flush subnormal numbers).
    /// </summary>
    public const double MaxRelativeError = 4e-7;

    /// <summary>e^x: +infinity from 88.73, 0 from -104 downwards.</summary>
    public static void Exp(ReadOnlySpan<float> x, Span<float> destination) => Traverse<ExpKernel>(x, destination);

    /// <summary>1 / (1 + e^-x): 0 at -infinity, 1 at +infinity.</summary>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> destination) =>
        Traverse<SigmoidKernel>(x, destination);

    private static void Traverse<TKernel>(ReadOnlySpan<float> x, Span<float> destination)
        where TKernel : struct, IUnaryKernel
    {
        if (x.Length != destination.Length)
        {
            throw new ArgumentException(
                $"The destination has {destination.Length} elements, expected {x.Length}.", nameof(destination));
        }

        if (x.Overlaps(destination, out int offset) && offset != 0)
        {
            throw new ArgumentException("Source and destination overlap without being the same.", nameof(destination));
        }

        ref float from = ref MemoryMarshal.GetReference(x);
        ref float to = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            i = Run<TKernel, Lanes512, Vector512<float>>(ref from, ref to, i, x.Length);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            i = Run<TKernel, Lanes256, Vector256<float>>(ref from, ref to, i, x.Length);
        }

        if (Vector128.IsHardwareAccelerated)
        {
            i = Run<TKernel, Lanes128, Vector128<float>>(ref from, ref to, i, x.Length);
        }

        _ = Run<TKernel, Lanes1, float>(ref from, ref to, i, x.Length);
    }

    private static int Run<TKernel, TLanes, TVector>(ref float from, ref float to, int i, int length)
        where TKernel : struct, IUnaryKernel
        where TLanes : struct, IFloatLanes<TVector>
        where TVector : struct
    {
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TLanes.Store(
                TKernel.Apply<TLanes, TVector>(TLanes.Load(in Unsafe.Add(ref from, i))), ref Unsafe.Add(ref to, i));
        }

        return i;
    }
}
