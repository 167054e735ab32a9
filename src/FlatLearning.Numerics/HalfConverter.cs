using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Numerics;

/// <summary>Widens IEEE binary16 to binary32.</summary>
public static class HalfConverter
{
    /// <summary>
    /// Converts every element exactly; infinities stay infinite, NaN stays NaN, signed zeros keep their sign. Throws
    /// <see cref="ArgumentException"/> when the lengths differ. The spans may not overlap.
    /// </summary>
    public static void ToSingle(ReadOnlySpan<Half> source, Span<float> destination)
    {
        if (source.Length != destination.Length)
        {
            throw new ArgumentException(
                $"{source.Length} halves do not fill {destination.Length} floats.", nameof(destination));
        }

        ref ushort from = ref Unsafe.As<Half, ushort>(ref MemoryMarshal.GetReference(source));
        ref float to = ref MemoryMarshal.GetReference(destination);

        // Each step leaves i <= Length and starts a register only where it fits, so every access is in bounds.
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            i = Run<Lanes512, Vector512<float>>(ref from, ref to, i, source.Length);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            i = Run<Lanes256, Vector256<float>>(ref from, ref to, i, source.Length);
        }

        if (Vector128.IsHardwareAccelerated)
        {
            i = Run<Lanes128, Vector128<float>>(ref from, ref to, i, source.Length);
        }

        _ = Run<Lanes1, float>(ref from, ref to, i, source.Length);
    }

    private static int Run<TLanes, TVector>(ref ushort from, ref float to, int i, int length)
        where TLanes : struct, IFloatLanes<TVector>
        where TVector : struct
    {
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TLanes.Store(TLanes.LoadHalf(in Unsafe.Add(ref from, i)), ref Unsafe.Add(ref to, i));
        }

        return i;
    }
}
