using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Lut;

namespace FlatLearning.Kernels.Int8;

/// <summary>
/// The sums of one block of inputs for two strips of codes, one in each half of a register of 32 words of four
/// indices each. The permutation takes five bits of an index: tables of 16 entries stand there twice.
/// </summary>
internal static unsafe class Avx512Int16Sums
{
    private const short LowPairs = 0x3333;
    private const short ThreeOfFour = 0x7777;
    private const int MaxSums = 8;

    /// <summary>Codes of 4 bits: adds unit · (sum of looked-up entries) to four sums per strip.</summary>
    /// <param name="a">The first strip at the block's first input.</param>
    /// <param name="b">The second.</param>
    /// <param name="row">Bytes from input to input.</param>
    /// <param name="table">[inputs, 16].</param>
    /// <param name="inputs">1 to 32.</param>
    /// <param name="unit">What a whole number stands for.</param>
    /// <param name="sums">[2 strips, 4, 16]: indices of a word, low to high.</param>
    public static void FourBits(byte* a, byte* b, nint row, short* table, int inputs, float unit, float* sums)
    {
        short* words = stackalloc short[MaxSums * 2 * Avx512LutCodes.Entries];
        Vector512<short> s0 = Vector512<short>.Zero, s1 = s0, s2 = s0, s3 = s0;
        for (int k = 0; k < inputs; k++, a += row, b += row, table += Avx512LutCodes.Entries)
        {
            Vector512<short> entries = Broadcast(table);
            Vector512<short> codes = Avx512LutRegisters.Join(a, b).AsInt16();
            s0 += Avx512BW.PermuteVar32x16(entries, codes);
            s1 += Avx512BW.PermuteVar32x16(entries, Vector512.ShiftRightLogical(codes, 4));
            s2 += Avx512BW.PermuteVar32x16(entries, Vector512.ShiftRightLogical(codes, 8));
            s3 += Avx512BW.PermuteVar32x16(entries, Vector512.ShiftRightLogical(codes, 12));
        }

        s0.Store(words);
        s1.Store(words + 32);
        s2.Store(words + 64);
        s3.Store(words + 96);
        Flush(words, 4, unit, sums, sums + (4 * Avx512LutCodes.Entries));
    }

    /// <summary>
    /// Codes of 3 bits, one strip, two inputs side by side, see <see cref="Avx512LutIndices.ThreeBits"/>: eight sums,
    /// even fields, then odd ones.
    /// </summary>
    /// <param name="a">The strip at the block's first input.</param>
    /// <param name="row">Bytes from input to input.</param>
    /// <param name="table">[pairs of inputs, 2, 8].</param>
    /// <param name="inputs">1 to 32.</param>
    /// <param name="unit">What a whole number stands for.</param>
    /// <param name="sums">[8, 16].</param>
    public static void ThreeBits(byte* a, nint row, short* table, int inputs, float unit, float* sums)
    {
        byte* last = stackalloc byte[2 * Avx512LutRegisters.ThreeBitRow];
        short* words = stackalloc short[MaxSums * 2 * Avx512LutCodes.Entries];
        Vector512<short> s0 = Vector512<short>.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        Vector512<short> mask = Vector512.Create(LowPairs);
        Vector512<short> below = Vector512.Create(ThreeOfFour);
        Vector512<short> side = Avx512LutRegisters.Sides().AsInt16();
        Vector512<ushort> shifts = Avx512LutRegisters.ThirdShifts();
        for (int k = 0; k < inputs; k += 2, a += 2 * row, table += Avx512LutCodes.Entries)
        {
            if (k == inputs - 1)
            {
                a = Avx512LutRegisters.LastOfThreeBits(a, last);
            }

            Vector512<short> entries = Broadcast(table);
            Vector512<short> low = Avx512LutRegisters.Join(a, a + row).AsInt16();
            Vector512<short> high =
                Avx512LutRegisters.ThirdBits(a + Avx512LutCodes.Bytes, a + row + Avx512LutCodes.Bytes, shifts);
            Vector512<short> codes =
                (Vector512.ConditionalSelect(mask, low, Vector512.ShiftLeft(high, 2)) & below) | side;
            s0 += Avx512BW.PermuteVar32x16(entries, codes);
            s1 += Avx512BW.PermuteVar32x16(entries, Vector512.ShiftRightLogical(codes, 4));
            s2 += Avx512BW.PermuteVar32x16(entries, Vector512.ShiftRightLogical(codes, 8));
            s3 += Avx512BW.PermuteVar32x16(entries, Vector512.ShiftRightLogical(codes, 12));
            codes = (Vector512.ConditionalSelect(mask, Vector512.ShiftRightLogical(low, 2), high) & below) | side;
            s4 += Avx512BW.PermuteVar32x16(entries, codes);
            s5 += Avx512BW.PermuteVar32x16(entries, Vector512.ShiftRightLogical(codes, 4));
            s6 += Avx512BW.PermuteVar32x16(entries, Vector512.ShiftRightLogical(codes, 8));
            s7 += Avx512BW.PermuteVar32x16(entries, Vector512.ShiftRightLogical(codes, 12));
        }

        s0.Store(words);
        s1.Store(words + 32);
        s2.Store(words + 64);
        s3.Store(words + 96);
        s4.Store(words + 128);
        s5.Store(words + 160);
        s6.Store(words + 192);
        s7.Store(words + 224);
        Flush(words, MaxSums, unit, sums, sums);
    }

    /// <summary>Codes of 2 bits, two inputs to an index: eight sums per strip, even fields, then odd ones.</summary>
    /// <inheritdoc cref="FourBits"/>
    public static void TwoBits(byte* a, byte* b, nint row, short* table, int inputs, float unit, float* sums)
    {
        short* words = stackalloc short[MaxSums * 2 * Avx512LutCodes.Entries];
        Vector512<short> s0 = Vector512<short>.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        Vector512<short> mask = Vector512.Create(LowPairs);
        for (int k = 0; k < inputs; k += 2, a += 2 * row, b += 2 * row, table += Avx512LutCodes.Entries)
        {
            Vector512<short> entries = Broadcast(table);
            Vector512<short> first = Avx512LutRegisters.Join(a, b).AsInt16();
            Vector512<short> second = Avx512LutRegisters.Join(a + row, b + row).AsInt16();
            Vector512<short> codes = Vector512.ConditionalSelect(mask, first, Vector512.ShiftLeft(second, 2));
            s0 += Avx512BW.PermuteVar32x16(entries, codes);
            s1 += Avx512BW.PermuteVar32x16(entries, Vector512.ShiftRightLogical(codes, 4));
            s2 += Avx512BW.PermuteVar32x16(entries, Vector512.ShiftRightLogical(codes, 8));
            s3 += Avx512BW.PermuteVar32x16(entries, Vector512.ShiftRightLogical(codes, 12));
            codes = Vector512.ConditionalSelect(mask, Vector512.ShiftRightLogical(first, 2), second);
            s4 += Avx512BW.PermuteVar32x16(entries, codes);
            s5 += Avx512BW.PermuteVar32x16(entries, Vector512.ShiftRightLogical(codes, 4));
            s6 += Avx512BW.PermuteVar32x16(entries, Vector512.ShiftRightLogical(codes, 8));
            s7 += Avx512BW.PermuteVar32x16(entries, Vector512.ShiftRightLogical(codes, 12));
        }

        s0.Store(words);
        s1.Store(words + 32);
        s2.Store(words + 64);
        s3.Store(words + 96);
        s4.Store(words + 128);
        s5.Store(words + 160);
        s6.Store(words + 192);
        s7.Store(words + 224);
        Flush(words, MaxSums, unit, sums, sums + (MaxSums * Avx512LutCodes.Entries));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Broadcast(short* table) =>
        Avx512F.BroadcastVector256ToVector512((long*)table).AsInt16();

    // From memory: sums that live across a call would be stored and loaded for every input.
    private static void Flush(short* words, int count, float unit, float* sums, float* second)
    {
        Vector512<float> factor = Vector512.Create(unit);
        for (int i = 0; i < count * Avx512LutCodes.Entries; i += Avx512LutCodes.Entries)
        {
            Vector512<float> a =
                Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector256.Load(words + (2 * i))));
            Vector512<float> b = Avx512F.ConvertToVector512Single(
                Avx512F.ConvertToVector512Int32(Vector256.Load(words + (2 * i) + Avx512LutCodes.Entries)));
            Vector512.FusedMultiplyAdd(a, factor, Vector512.Load(sums + i)).Store(sums + i);
            Vector512.FusedMultiplyAdd(b, factor, Vector512.Load(second + i)).Store(second + i);
        }
    }
}
