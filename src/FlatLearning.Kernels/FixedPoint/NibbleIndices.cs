using System.Runtime.CompilerServices;

namespace FlatLearning.Kernels.FixedPoint;

/// <summary>
/// Packed codes of 4 bits: the first columns in the low halves of the bytes, the second in the high ones.
/// </summary>
internal readonly unsafe struct NibbleIndices<TLanes, TVector> : IIndices<TLanes, TVector>
    where TLanes : struct, IByteLanes<TVector>
    where TVector : struct
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector First(byte* source) => TLanes.LowNibbles(source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Second(byte* source) => TLanes.HighNibbles(source);
}
