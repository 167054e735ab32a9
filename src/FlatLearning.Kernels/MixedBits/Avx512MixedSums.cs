using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>
/// The look-up product of one row of x with 64 or 128 columns of a section. Codes of 64 columns are put together in one
/// register of bytes; read as 32-bit lanes, a permutation of the table looks up every fourth column, and shifts by
/// whole bytes bring the others down. All sums stay in registers.
/// </summary>
/// <typeparam name="TBits">2 to 6.</typeparam>
/// <typeparam name="TTaps">Inputs of a table: the taps, for 2 bits one more.</typeparam>
/// <typeparam name="TBlocks">Blocks of 64 columns of a row: 1 or 2.</typeparam>
/// <typeparam name="TRows">Rows of codes that share a table: 1 or 2.</typeparam>
internal static unsafe class Avx512MixedSums<TBits, TTaps, TBlocks, TRows>
    where TBits : unmanaged, ICount
    where TTaps : unmanaged, ICount
    where TBlocks : unmanaged, ICount
    where TRows : unmanaged, ICount
{
    private const int Entries = Avx512MixedBand.Entries;

    private static int Levels
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512MixedIndex<TBits, TBlocks>.Levels;
    }

    /// <summary>Adds a section.</summary>
    /// <param name="runs">Its tables.</param>
    /// <param name="step">Bytes of codes from table to table.</param>
    /// <param name="second">Bytes from the codes of a table to what lies above their first plane.</param>
    /// <param name="other">Bytes from the codes of a table to the second row that shares it.</param>
    /// <param name="codebook">See <see cref="Avx512MixedBand.Codebook"/>.</param>
    /// <param name="rotations">See <see cref="Avx512MixedBand.Rotations"/>.</param>
    /// <param name="sums">[blocks, 4, 16]: lane j of register p is column 4 j + p.</param>
    /// <param name="otherSums">The same of the second row.</param>
    public static void Add(
        in Avx512MixedRuns runs, nint step, nint second, nint other, float* codebook, long* rotations, float* sums,
        float* otherSums)
    {
        Vector512<float> c0 = Tap(codebook, 0, 0), c1 = Tap(codebook, 1, 0), c2 = Tap(codebook, 2, 0),
            c3 = Tap(codebook, 3, 0), c4 = Tap(codebook, 4, 0), c5 = Tap(codebook, 5, 0);
        Vector512<float> d0 = Tap(codebook, 0, 1), d1 = Tap(codebook, 1, 1), d2 = Tap(codebook, 2, 1),
            d3 = Tap(codebook, 3, 1), d4 = Tap(codebook, 4, 1);
        Vector512<int> mask = Vector512.Create(Avx512MixedIndex<TBits, TBlocks>.FirstBits);
        Vector512<ulong> first0 = Vector512.Load(rotations).AsUInt64(),
            above0 = Vector512.Load(rotations + 8).AsUInt64(), first1 = first0, above1 = above0;
        if (sizeof(TBlocks) > 1)
        {
            first1 = Vector512.Load(rotations + 16).AsUInt64();
            above1 = Vector512.Load(rotations + 24).AsUInt64();
        }

        Vector512<float> s0, s1, s2, s3, s4, s5, s6, s7, t0, t1, t2, t3, t4, t5, t6, t7;
        Load(sums, out s0, out s1, out s2, out s3, out s4, out s5, out s6, out s7);
        Load(sizeof(TRows) > 1 ? otherSums : sums, out t0, out t1, out t2, out t3, out t4, out t5, out t6, out t7);

        // No run is empty.
        Avx512MixedRun* run = runs.First;
        for (Avx512MixedRun* end = run + runs.Count; run != end; run++)
        {
            byte* codes = run->Codes;
            float* x = run->X;
            byte* last = codes + (run->Count * step);
            do
            {
                Vector512<float> table = Table(x, c0, c1, c2, c3, c4, c5);
                Vector512<float> upper = sizeof(TBits) == 5 ? Table(x, d0, d1, d2, d3, d4, d4) : table;
                Vector512<float> third = table, fourth = table;
                if (sizeof(TBits) == 6)
                {
                    upper = Table(x, codebook + Entries);
                    third = Table(x, codebook + (2 * Entries));
                    fourth = Table(x, codebook + (3 * Entries));
                }

                AddRow(
                    codes, second, mask, first0, above0, first1, above1, table, upper, third, fourth, ref s0, ref s1,
                    ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
                if (sizeof(TRows) > 1)
                {
                    AddRow(
                        codes + other, second, mask, first0, above0, first1, above1, table, upper, third, fourth,
                        ref t0, ref t1, ref t2, ref t3, ref t4, ref t5, ref t6, ref t7);
                }

                codes += step;
                x += sizeof(TBits) == 2 ? 2 : 1;
            }
            while (codes != last);
        }

        Store(sums, s0, s1, s2, s3, s4, s5, s6, s7);
        if (sizeof(TRows) > 1)
        {
            Store(otherSums, t0, t1, t2, t3, t4, t5, t6, t7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(
        byte* codes,
        nint second,
        Vector512<int> mask,
        Vector512<ulong> first0,
        Vector512<ulong> above0,
        Vector512<ulong> first1,
        Vector512<ulong> above1,
        Vector512<float> table,
        Vector512<float> upper,
        Vector512<float> third,
        Vector512<float> fourth,
        ref Vector512<float> s0,
        ref Vector512<float> s1,
        ref Vector512<float> s2,
        ref Vector512<float> s3,
        ref Vector512<float> s4,
        ref Vector512<float> s5,
        ref Vector512<float> s6,
        ref Vector512<float> s7)
    {
        if (sizeof(TBits) == 4 && sizeof(TBlocks) > 1)
        {
            // Instead of being shifted by whole bytes, codes are loaded again that many bytes later.
            AddBytes(table, codes, ref s0, ref s4);
            AddBytes(table, codes + 1, ref s1, ref s5);
            AddBytes(table, codes + 2, ref s2, ref s6);
            AddBytes(table, codes + 3, ref s3, ref s7);
            return;
        }

        Vector512<ulong> low = Avx512MixedIndex<TBits, TBlocks>.First(codes);
        Vector512<ulong> high = sizeof(TBits) == 4 ? low : Avx512MixedIndex<TBits, TBlocks>.Second(codes + second);
        Vector512<int> index = sizeof(TBits) > 4 && sizeof(TBlocks) > 1
            ? Avx512MixedIndex<TBits, TBlocks>.Above(low.AsInt32(), high, mask, above0)
            : Avx512MixedIndex<TBits, TBlocks>.Join(low, high, mask, first0, above0);
        s0 = Sum(Avx512MixedIndex<TBits, TBlocks>.LookUp(index, table, upper, third, fourth), s0);
        s1 +=
            Avx512MixedIndex<TBits, TBlocks>.LookUp(Vector512.ShiftRightLogical(index, 8), table, upper, third, fourth);
        s2 += Avx512MixedIndex<TBits, TBlocks>.LookUp(
            Vector512.ShiftRightLogical(index, 16), table, upper, third, fourth);
        s3 += Avx512MixedIndex<TBits, TBlocks>.LookUp(
            Vector512.ShiftRightLogical(index, 24), table, upper, third, fourth);
        if (sizeof(TBlocks) > 1)
        {
            index = Avx512MixedIndex<TBits, TBlocks>.Join(low, high, mask, first1, above1);
            s4 = Sum(Avx512MixedIndex<TBits, TBlocks>.LookUp(index, table, upper, third, fourth), s4);
            s5 += Avx512MixedIndex<TBits, TBlocks>.LookUp(
                Vector512.ShiftRightLogical(index, 8), table, upper, third, fourth);
            s6 += Avx512MixedIndex<TBits, TBlocks>.LookUp(
                Vector512.ShiftRightLogical(index, 16), table, upper, third, fourth);
            s7 += Avx512MixedIndex<TBits, TBlocks>.LookUp(
                Vector512.ShiftRightLogical(index, 24), table, upper, third, fourth);
        }
    }

    // Columns of low and of high nibbles that are 64 apart: those of both blocks.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddBytes(
        Vector512<float> table, byte* codes, ref Vector512<float> low, ref Vector512<float> high)
    {
        Vector512<int> index = Vector512.Load(codes).AsInt32();
        low = Sum(Avx512F.PermuteVar16x32(table, index), low);
        high += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(index, 4));
    }

    // Some sums by a multiplication: the same as an addition, bit for bit, but on ports that additions, shifts and
    // permutations leave free. The rotations of 3 bits need these themselves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sum(Vector512<float> value, Vector512<float> sum) =>
        sizeof(TBits) == 3 ? sum + value : Vector512.FusedMultiplyAdd(Vector512.Create(1f), value, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Tap(float* codebook, int tap, int part) =>
        tap < sizeof(TTaps) && (part == 0 || sizeof(TBits) == 5)
            ? Vector512.Load(codebook + (tap * Levels) + (part * Entries))
            : Vector512<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Table(
        float* x, Vector512<float> c0, Vector512<float> c1, Vector512<float> c2, Vector512<float> c3,
        Vector512<float> c4, Vector512<float> c5)
    {
        Vector512<float> table = c0 * Vector512.Create(x[0]);
        table = sizeof(TTaps) > 1 ? Vector512.FusedMultiplyAdd(c1, Vector512.Create(x[1]), table) : table;
        table = sizeof(TTaps) > 2 ? Vector512.FusedMultiplyAdd(c2, Vector512.Create(x[2]), table) : table;
        table = sizeof(TTaps) > 3 ? Vector512.FusedMultiplyAdd(c3, Vector512.Create(x[3]), table) : table;
        table = sizeof(TTaps) > 4 ? Vector512.FusedMultiplyAdd(c4, Vector512.Create(x[4]), table) : table;
        return sizeof(TTaps) > 5 ? Vector512.FusedMultiplyAdd(c5, Vector512.Create(x[5]), table) : table;
    }

    // From memory: the codebook of 6 bits would fill too many registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Table(float* x, float* codebook)
    {
        Vector512<float> table = Vector512.Load(codebook) * Vector512.Create(x[0]);
        table = sizeof(TTaps) > 1
            ? Vector512.FusedMultiplyAdd(Vector512.Load(codebook + Levels), Vector512.Create(x[1]), table)
            : table;
        table = sizeof(TTaps) > 2
            ? Vector512.FusedMultiplyAdd(Vector512.Load(codebook + (2 * Levels)), Vector512.Create(x[2]), table)
            : table;
        table = sizeof(TTaps) > 3
            ? Vector512.FusedMultiplyAdd(Vector512.Load(codebook + (3 * Levels)), Vector512.Create(x[3]), table)
            : table;
        return sizeof(TTaps) > 4
            ? Vector512.FusedMultiplyAdd(Vector512.Load(codebook + (4 * Levels)), Vector512.Create(x[4]), table)
            : table;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(
        float* sums,
        out Vector512<float> s0,
        out Vector512<float> s1,
        out Vector512<float> s2,
        out Vector512<float> s3,
        out Vector512<float> s4,
        out Vector512<float> s5,
        out Vector512<float> s6,
        out Vector512<float> s7)
    {
        s0 = Vector512.Load(sums);
        s1 = Vector512.Load(sums + 16);
        s2 = Vector512.Load(sums + 32);
        s3 = Vector512.Load(sums + 48);
        float* more = sizeof(TBlocks) > 1 ? sums + Avx512MixedBand.Block : sums;
        s4 = Vector512.Load(more);
        s5 = Vector512.Load(more + 16);
        s6 = Vector512.Load(more + 32);
        s7 = Vector512.Load(more + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        float* sums,
        Vector512<float> s0,
        Vector512<float> s1,
        Vector512<float> s2,
        Vector512<float> s3,
        Vector512<float> s4,
        Vector512<float> s5,
        Vector512<float> s6,
        Vector512<float> s7)
    {
        s0.Store(sums);
        s1.Store(sums + 16);
        s2.Store(sums + 32);
        s3.Store(sums + 48);
        if (sizeof(TBlocks) > 1)
        {
            s4.Store(sums + 64);
            s5.Store(sums + 80);
            s6.Store(sums + 96);
            s7.Store(sums + 112);
        }
    }
}
