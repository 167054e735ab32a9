using System.Runtime.CompilerServices;

namespace FlatLearning.Kernels.FixedPoint;

/// <summary>A byte for every index, columns side by side.</summary>
internal readonly unsafe struct ByteIndices<TLanes, TVector> : IIndices<TLanes, TVector>
    where TLanes : struct, IByteLanes<TVector>
    where TVector : struct
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector First(byte* source) => TLanes.Load(source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Second(byte* source) => TLanes.Load(source + TLanes.Count);
}
