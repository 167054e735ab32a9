using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlatLearning.Kernels;

/// <summary>The registers that a kernel uses where it is written for several widths.</summary>
internal enum SimdWidth
{
    /// <summary>The widest that the processor has.</summary>
    Widest,

    /// <summary>256 bits, although there may be wider ones.</summary>
    Bits256,
}

/// <summary>What a width means here.</summary>
internal static class SimdWidthExtensions
{
    /// <summary>Whether registers have 512 bits. Known when the code is compiled, where no kernel is chosen by name.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is512(this SimdWidth width) =>
        Vector512.IsHardwareAccelerated && (!KernelChoice.IsOpen || width == SimdWidth.Widest);
}
