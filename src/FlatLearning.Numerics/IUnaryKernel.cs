using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Numerics;

/// <summary>
/// A function of one float, written once for all lane counts; <see cref="ElementWise"/> traverses with it.
/// </summary>
public interface IUnaryKernel
{
    /// <summary>The function of every lane.</summary>
    static abstract TVector Apply<TLanes, TVector>(TVector x)
        where TLanes : struct, IFloatLanes<TVector>
        where TVector : struct;
}
