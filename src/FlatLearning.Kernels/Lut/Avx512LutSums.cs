using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// The look-up product in float32 for sixteen registers of columns at once: a table of 16 floats is one register, one
/// permutation looks up 16 columns, and all sums stay in registers while the tables run. Nothing here depends on bits
/// or taps.
/// </summary>
internal static unsafe class Avx512LutSums
{
    /// <summary>Floats of all sums.</summary>
    public const int Floats = 2 * 8 * Avx512LutCodes.Entries;

    /// <summary>
    /// sums += what the four-bit fields of two registers of codes find in their table, table after table.
    /// </summary>
    /// <param name="first">64 bytes of codes per table.</param>
    /// <param name="second">64 more.</param>
    /// <param name="stride">Bytes from table to table, in both.</param>
    /// <param name="tables">[count, 16].</param>
    /// <param name="count">How many.</param>
    /// <param name="sums">[2, 8 fields, 16].</param>
    public static void Add(byte* first, byte* second, nint stride, float* tables, int count, float* sums)
    {
        Vector512<float> s0 = Vector512.Load(sums);
        Vector512<float> s1 = Vector512.Load(sums + 16);
        Vector512<float> s2 = Vector512.Load(sums + 32);
        Vector512<float> s3 = Vector512.Load(sums + 48);
        Vector512<float> s4 = Vector512.Load(sums + 64);
        Vector512<float> s5 = Vector512.Load(sums + 80);
        Vector512<float> s6 = Vector512.Load(sums + 96);
        Vector512<float> s7 = Vector512.Load(sums + 112);
        Vector512<float> s8 = Vector512.Load(sums + 128);
        Vector512<float> s9 = Vector512.Load(sums + 144);
        Vector512<float> s10 = Vector512.Load(sums + 160);
        Vector512<float> s11 = Vector512.Load(sums + 176);
        Vector512<float> s12 = Vector512.Load(sums + 192);
        Vector512<float> s13 = Vector512.Load(sums + 208);
        Vector512<float> s14 = Vector512.Load(sums + 224);
        Vector512<float> s15 = Vector512.Load(sums + 240);
        Vector512<float> one = Vector512.Create(1f);
        for (int i = 0; i < count; i++, first += stride, second += stride, tables += Avx512LutCodes.Entries)
        {
            Vector512<float> table = Vector512.Load(tables);
            Vector512<int> codes = Vector512.Load(first).AsInt32();
            s0 = Sum(one, Avx512F.PermuteVar16x32(table, codes), s0);
            s1 = Sum(one, Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 4)), s1);
            s2 = Sum(one, Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 8)), s2);
            s3 = Sum(one, Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 12)), s3);
            s4 = Sum(one, Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 16)), s4);
            s5 = Sum(one, Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 20)), s5);
            s6 = Sum(one, Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 24)), s6);
            s7 = Sum(one, Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 28)), s7);
            codes = Vector512.Load(second).AsInt32();
            s8 = Sum(one, Avx512F.PermuteVar16x32(table, codes), s8);
            s9 = Sum(one, Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 4)), s9);
            s10 = Sum(one, Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 8)), s10);
            s11 = Sum(one, Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 12)), s11);
            s12 = Sum(one, Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 16)), s12);
            s13 = Sum(one, Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 20)), s13);
            s14 = Sum(one, Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 24)), s14);
            s15 = Sum(one, Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 28)), s15);
        }

        s0.Store(sums);
        s1.Store(sums + 16);
        s2.Store(sums + 32);
        s3.Store(sums + 48);
        s4.Store(sums + 64);
        s5.Store(sums + 80);
        s6.Store(sums + 96);
        s7.Store(sums + 112);
        s8.Store(sums + 128);
        s9.Store(sums + 144);
        s10.Store(sums + 160);
        s11.Store(sums + 176);
        s12.Store(sums + 192);
        s13.Store(sums + 208);
        s14.Store(sums + 224);
        s15.Store(sums + 240);
    }

    /// <summary>The same for two rows and one register of codes, which is shifted once for both.</summary>
    /// <param name="codes64">64 bytes of codes per table.</param>
    /// <param name="stride">Bytes from table to table.</param>
    /// <param name="tables">[count, 16] of the first row.</param>
    /// <param name="otherTables">[count, 16] of the second.</param>
    /// <param name="count">How many.</param>
    /// <param name="sums">[8 fields, 16] of the first row.</param>
    /// <param name="otherSums">[8 fields, 16] of the second.</param>
    public static void AddTwo(
        byte* codes64, nint stride, float* tables, float* otherTables, int count, float* sums, float* otherSums)
    {
        Vector512<float> s0 = Vector512.Load(sums);
        Vector512<float> s1 = Vector512.Load(sums + 16);
        Vector512<float> s2 = Vector512.Load(sums + 32);
        Vector512<float> s3 = Vector512.Load(sums + 48);
        Vector512<float> s4 = Vector512.Load(sums + 64);
        Vector512<float> s5 = Vector512.Load(sums + 80);
        Vector512<float> s6 = Vector512.Load(sums + 96);
        Vector512<float> s7 = Vector512.Load(sums + 112);
        Vector512<float> s8 = Vector512.Load(otherSums);
        Vector512<float> s9 = Vector512.Load(otherSums + 16);
        Vector512<float> s10 = Vector512.Load(otherSums + 32);
        Vector512<float> s11 = Vector512.Load(otherSums + 48);
        Vector512<float> s12 = Vector512.Load(otherSums + 64);
        Vector512<float> s13 = Vector512.Load(otherSums + 80);
        Vector512<float> s14 = Vector512.Load(otherSums + 96);
        Vector512<float> s15 = Vector512.Load(otherSums + 112);
        Vector512<float> one = Vector512.Create(1f);
        for (int i = 0;
            i < count;
            i++, codes64 += stride, tables += Avx512LutCodes.Entries, otherTables += Avx512LutCodes.Entries)
        {
            Vector512<float> table = Vector512.Load(tables);
            Vector512<float> otherTable = Vector512.Load(otherTables);
            Vector512<int> codes = Vector512.Load(codes64).AsInt32();
            Vector512<int> index;
            s0 = Sum(one, Avx512F.PermuteVar16x32(table, codes), s0);
            s8 = Sum(one, Avx512F.PermuteVar16x32(otherTable, codes), s8);
            index = Vector512.ShiftRightLogical(codes, 4);
            s1 = Sum(one, Avx512F.PermuteVar16x32(table, index), s1);
            s9 = Sum(one, Avx512F.PermuteVar16x32(otherTable, index), s9);
            index = Vector512.ShiftRightLogical(codes, 8);
            s2 = Sum(one, Avx512F.PermuteVar16x32(table, index), s2);
            s10 = Sum(one, Avx512F.PermuteVar16x32(otherTable, index), s10);
            index = Vector512.ShiftRightLogical(codes, 12);
            s3 = Sum(one, Avx512F.PermuteVar16x32(table, index), s3);
            s11 = Sum(one, Avx512F.PermuteVar16x32(otherTable, index), s11);
            index = Vector512.ShiftRightLogical(codes, 16);
            s4 = Sum(one, Avx512F.PermuteVar16x32(table, index), s4);
            s12 = Sum(one, Avx512F.PermuteVar16x32(otherTable, index), s12);
            index = Vector512.ShiftRightLogical(codes, 20);
            s5 = Sum(one, Avx512F.PermuteVar16x32(table, index), s5);
            s13 = Sum(one, Avx512F.PermuteVar16x32(otherTable, index), s13);
            index = Vector512.ShiftRightLogical(codes, 24);
            s6 = Sum(one, Avx512F.PermuteVar16x32(table, index), s6);
            s14 = Sum(one, Avx512F.PermuteVar16x32(otherTable, index), s14);
            index = Vector512.ShiftRightLogical(codes, 28);
            s7 = Sum(one, Avx512F.PermuteVar16x32(table, index), s7);
            s15 = Sum(one, Avx512F.PermuteVar16x32(otherTable, index), s15);
        }

        s0.Store(sums);
        s1.Store(sums + 16);
        s2.Store(sums + 32);
        s3.Store(sums + 48);
        s4.Store(sums + 64);
        s5.Store(sums + 80);
        s6.Store(sums + 96);
        s7.Store(sums + 112);
        s8.Store(otherSums);
        s9.Store(otherSums + 16);
        s10.Store(otherSums + 32);
        s11.Store(otherSums + 48);
        s12.Store(otherSums + 64);
        s13.Store(otherSums + 80);
        s14.Store(otherSums + 96);
        s15.Store(otherSums + 112);
    }

    // The same as an addition, bit for bit, but on the ports that permutations and shifts leave free: additions share
    // one with either.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sum(Vector512<float> one, Vector512<float> value, Vector512<float> sum) =>
        Avx512F.FusedMultiplyAdd(one, value, sum);
}
