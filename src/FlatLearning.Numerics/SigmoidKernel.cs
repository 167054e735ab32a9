using System.Runtime.CompilerServices;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Numerics;

/// <summary>
/// 1 / (1 + e^-x); e^-x overflows to infinity only where the result is below the smallest normal number.
/// </summary>
public readonly struct SigmoidKernel : IUnaryKernel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector x)
        where TLanes : struct, IFloatLanes<TVector>
        where TVector : struct
    {
        TVector e = ExpKernel.Apply<TLanes, TVector>(TLanes.Subtract(TLanes.Broadcast(0f), x));
        return TLanes.Divide(TLanes.Broadcast(1f), TLanes.Add(TLanes.Broadcast(1f), e));
    }
}
