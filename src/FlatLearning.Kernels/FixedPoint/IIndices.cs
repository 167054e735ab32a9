namespace FlatLearning.Kernels.FixedPoint;

/// <summary>
/// Where the indices of two registers of columns stand. Implementations are empty structs; every member is inlined.
/// </summary>
/// <typeparam name="TLanes">Registers.</typeparam>
/// <typeparam name="TVector">A register.</typeparam>
internal unsafe interface IIndices<TLanes, TVector>
    where TLanes : struct, IByteLanes<TVector>
    where TVector : struct
{
    /// <summary>Those of the first register.</summary>
    static abstract TVector First(byte* source);

    /// <summary>Those of the second one.</summary>
    static abstract TVector Second(byte* source);
}
