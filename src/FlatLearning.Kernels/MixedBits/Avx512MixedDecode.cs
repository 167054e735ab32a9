using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>
/// Some rows of a band to floats, 64 columns. Each code is taken apart once: what its later tables give waits in
/// registers for the rows to come.
/// </summary>
/// <typeparam name="TBits">2 to 6.</typeparam>
/// <typeparam name="TTaps">1 to 5.</typeparam>
/// <typeparam name="TBlocks">Blocks of a row: 1 or 2.</typeparam>
internal static unsafe class Avx512MixedDecode<TBits, TTaps, TBlocks>
    where TBits : unmanaged, ICount
    where TTaps : unmanaged, ICount
    where TBlocks : unmanaged, ICount
{
    private const int Entries = Avx512MixedBand.Entries;

    /// <summary>Decodes.</summary>
    /// <param name="codes">The first row; those of <paramref name="before"/> rows lie before it.</param>
    /// <param name="before">min(taps - 1, rows of the band before the first one).</param>
    /// <param name="rowBytes">Bytes from row to row.</param>
    /// <param name="second">Bytes from a row to its second plane.</param>
    /// <param name="table">[taps, 16 or the number of levels].</param>
    /// <param name="rotations">Those of the block, see <see cref="Avx512MixedBand.Rotations"/>.</param>
    /// <param name="rows">How many.</param>
    /// <param name="panel">[rows, 4, 16]: lane j of register p is column 4 j + p.</param>
    public static void Decode(
        byte* codes, int before, nint rowBytes, nint second, float* table, long* rotations, int rows, float* panel)
    {
        Vector512<float> c0 = Tap(table, 0, 0), c1 = Tap(table, 1, 0), c2 = Tap(table, 2, 0), c3 = Tap(table, 3, 0),
            c4 = Tap(table, 4, 0);
        Vector512<float> d0 = Tap(table, 0, 1), d1 = Tap(table, 1, 1), d2 = Tap(table, 2, 1), d3 = Tap(table, 3, 1),
            d4 = Tap(table, 4, 1);
        Vector512<float> zero = Vector512<float>.Zero;
        Vector512<float> p1 = zero, p2 = zero, p3 = zero, p4 = zero;
        Vector512<float> q1 = zero, q2 = zero, q3 = zero, q4 = zero;
        Vector512<float> r1 = zero, r2 = zero, r3 = zero, r4 = zero;
        Vector512<float> s1 = zero, s2 = zero, s3 = zero, s4 = zero;
        Vector512<int> mask = Vector512.Create(Avx512MixedIndex<TBits, TBlocks>.FirstBits);
        Vector512<ulong> first = Vector512.Load(rotations).AsUInt64(), above = Vector512.Load(rotations + 8).AsUInt64();
        codes -= before * rowBytes;
        float* end = panel + (rows * Avx512MixedBand.Block);
        panel -= before * Avx512MixedBand.Block;
        float* begin = panel + (before * Avx512MixedBand.Block);
        for (; panel != end; panel += Avx512MixedBand.Block, codes += rowBytes)
        {
            Vector512<ulong> low = Avx512MixedIndex<TBits, TBlocks>.First(codes);
            Vector512<ulong> high = sizeof(TBits) is 2 or 4
                ? low
                : Avx512MixedIndex<TBits, TBlocks>.Second(codes + second);
            Vector512<int> index = sizeof(TBits) == 2
                ? Avx512MixedIndex<Four, TBlocks>.Join(low, low, mask, first, first)
                : Avx512MixedIndex<TBits, TBlocks>.Join(low, high, mask, first, above);
            Vector512<float> p =
                Step(index, table, c0, c1, c2, c3, c4, d0, d1, d2, d3, d4, ref p1, ref p2, ref p3, ref p4);
            Vector512<float> q = Step(
                Vector512.ShiftRightLogical(index, 8), table, c0, c1, c2, c3, c4, d0, d1, d2, d3, d4, ref q1, ref q2,
                ref q3, ref q4);
            Vector512<float> r = Step(
                Vector512.ShiftRightLogical(index, 16), table, c0, c1, c2, c3, c4, d0, d1, d2, d3, d4, ref r1, ref r2,
                ref r3, ref r4);
            Vector512<float> s = Step(
                Vector512.ShiftRightLogical(index, 24), table, c0, c1, c2, c3, c4, d0, d1, d2, d3, d4, ref s1, ref s2,
                ref s3, ref s4);
            if (panel >= begin)
            {
                p.Store(panel);
                q.Store(panel + 16);
                r.Store(panel + 32);
                s.Store(panel + 48);
            }
        }
    }

    // The value of this row, and what its codes add to the rows to come.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Step(
        Vector512<int> index,
        float* table,
        Vector512<float> c0,
        Vector512<float> c1,
        Vector512<float> c2,
        Vector512<float> c3,
        Vector512<float> c4,
        Vector512<float> d0,
        Vector512<float> d1,
        Vector512<float> d2,
        Vector512<float> d3,
        Vector512<float> d4,
        ref Vector512<float> next1,
        ref Vector512<float> next2,
        ref Vector512<float> next3,
        ref Vector512<float> next4)
    {
        Vector512<float> value = LookUp(index, c0, d0, table, 0);
        if (sizeof(TTaps) > 1)
        {
            value += next1;
            next1 = LookUp(index, c1, d1, table, 1);
            next1 = sizeof(TTaps) > 2 ? next1 + next2 : next1;
        }

        if (sizeof(TTaps) > 2)
        {
            next2 = LookUp(index, c2, d2, table, 2);
            next2 = sizeof(TTaps) > 3 ? next2 + next3 : next2;
        }

        if (sizeof(TTaps) > 3)
        {
            next3 = LookUp(index, c3, d3, table, 3);
            next3 = sizeof(TTaps) > 4 ? next3 + next4 : next3;
        }

        next4 = sizeof(TTaps) > 4 ? LookUp(index, c4, d4, table, 4) : next4;
        return value;
    }

    // The tables of 6 bits are too many for registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> LookUp(
        Vector512<int> index, Vector512<float> low, Vector512<float> high, float* table, int tap) => sizeof(TBits) < 6
        ? Avx512MixedIndex<TBits, TBlocks>.LookUp(index, low, high, low, low)
        : Avx512MixedIndex<TBits, TBlocks>.LookUp(
            index,
            Vector512.Load(table + (tap * 64)),
            Vector512.Load(table + (tap * 64) + 16),
            Vector512.Load(table + (tap * 64) + 32),
            Vector512.Load(table + (tap * 64) + 48));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Tap(float* table, int tap, int part) =>
        tap < sizeof(TTaps) && sizeof(TBits) < 6 && (part == 0 || sizeof(TBits) == 5)
            ? Vector512.Load(table + (tap * Avx512MixedIndex<TBits, TBlocks>.Levels) + (part * Entries))
            : Vector512<float>.Zero;
}
