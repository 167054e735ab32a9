namespace FlatLearning.Kernels.FixedPoint;

/// <summary>
/// Registers of bytes that look up in 16 entries, one column per byte. Implementations are empty structs; every member
/// is inlined.
/// </summary>
/// <typeparam name="TVector">A register.</typeparam>
internal unsafe interface IByteLanes<TVector>
    where TVector : struct
{
    /// <summary>Bytes of a register.</summary>
    static abstract int Count { get; }

    /// <summary>The same word of 16 bits everywhere.</summary>
    static abstract TVector Words(short value);

    /// <summary>Sixteen bytes, as often as a register holds them.</summary>
    static abstract TVector Table(byte* source);

    /// <summary>Reads <see cref="Count"/> bytes.</summary>
    static abstract TVector Load(byte* source);

    /// <summary>The low four bits of <see cref="Count"/> bytes.</summary>
    static abstract TVector LowNibbles(byte* source);

    /// <summary>The high four bits of <see cref="Count"/> bytes.</summary>
    static abstract TVector HighNibbles(byte* source);

    /// <summary>The entry for every index of 0 to 15; zero for one of 0x80 or above.</summary>
    static abstract TVector LookUp(TVector table, TVector index);

    /// <summary>a + b, byte by byte, modulo 2^8.</summary>
    static abstract TVector AddBytes(TVector a, TVector b);

    /// <summary>a + b, word by word, modulo 2^16.</summary>
    static abstract TVector AddWords(TVector a, TVector b);

    /// <summary>The upper byte of every word.</summary>
    static abstract TVector OddBytes(TVector value);

    /// <summary>
    /// sums += unit · (low + 128 · high) for <see cref="Count"/> columns, which stand in an order of their own until
    /// <see cref="Order"/>.
    /// </summary>
    /// <param name="low">Sums of the low bytes, each word the even column's plus 256 times the odd one's.</param>
    /// <param name="lowOdd">Those of the odd columns alone.</param>
    /// <param name="high">Sums of the high bytes, as <paramref name="low"/>.</param>
    /// <param name="highOdd">Those of the odd columns alone.</param>
    /// <param name="unit">What a whole number stands for.</param>
    /// <param name="sums">[<see cref="Count"/>].</param>
    static abstract void Add(
        TVector low, TVector lowOdd, TVector high, TVector highOdd, float unit, float* sums);

    /// <summary>Brings <see cref="Count"/> sums into the order of the columns.</summary>
    static abstract void Order(float* sums);
}
