namespace FlatLearning.Kernels.Codes;

/// <summary>
/// Codes in registers: one 32-bit index per lane, of which only the low bits that a table needs are looked at.
/// Implementations are empty structs; every member is inlined.
/// </summary>
/// <typeparam name="TIndex">A register of 32-bit integers.</typeparam>
/// <typeparam name="TVector">A register of as many floats.</typeparam>
internal unsafe interface ICodeLanes<TIndex, TVector>
    where TIndex : struct
    where TVector : struct
{
    /// <summary>Lanes of a register.</summary>
    static abstract int Count { get; }

    /// <summary>The same index in every lane.</summary>
    static abstract TIndex Broadcast(int value);

    /// <summary>Reads <see cref="Count"/> bytes as indices.</summary>
    static abstract TIndex Widen(byte* source);

    /// <summary>Every index shifted right.</summary>
    /// <param name="index">The indices.</param>
    /// <param name="amounts">0 to 31 in every lane.</param>
    static abstract TIndex ShiftRight(TIndex index, TIndex amounts);

    /// <summary>Every index shifted right by a constant.</summary>
    static abstract TIndex ShiftRight(TIndex index, int amount);

    /// <summary>Every index rotated right.</summary>
    /// <param name="index">The indices.</param>
    /// <param name="amounts">0 to 31 in every lane.</param>
    static abstract TIndex RotateRight(TIndex index, TIndex amounts);

    /// <summary>
    /// Bits of <paramref name="ones"/> where the mask has ones, of <paramref name="zeros"/> elsewhere.
    /// </summary>
    static abstract TIndex Select(TIndex mask, TIndex ones, TIndex zeros);

    /// <summary>
    /// Looks up in a table whose length is 8, 16, 32, 64 or 256; higher bits of an index are ignored.
    /// </summary>
    /// <typeparam name="TLength">The length.</typeparam>
    /// <param name="table">That many floats, and never fewer than 16.</param>
    /// <param name="index">The indices.</param>
    static abstract TVector LookUp<TLength>(float* table, TIndex index)
        where TLength : unmanaged, ICount;
}
