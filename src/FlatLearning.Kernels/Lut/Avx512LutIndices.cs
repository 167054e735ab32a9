using System.Runtime.Intrinsics;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// Codes brought into four-bit fields, two registers per table, some inputs ahead of the look-ups: done between them it
/// would keep permutations waiting, and several rows of x share it.
/// </summary>
internal static unsafe class Avx512LutIndices
{
    /// <summary>Bytes of the codes of a table.</summary>
    public const int Bytes = 2 * 64;

    private const int LowPairs = 0x33333333;
    private const int ThreeOfFour = 0x77777777;

    /// <summary>Codes of 4 bits: four strips.</summary>
    /// <param name="a">The first strip at the first input.</param>
    /// <param name="b">The second.</param>
    /// <param name="c">The third.</param>
    /// <param name="d">The fourth.</param>
    /// <param name="row">Bytes from input to input.</param>
    /// <param name="inputs">How many.</param>
    /// <param name="target">[inputs, 128].</param>
    public static void FourBits(byte* a, byte* b, byte* c, byte* d, nint row, int inputs, byte* target)
    {
        for (int k = 0; k < inputs; k++, a += row, b += row, c += row, d += row, target += Bytes)
        {
            Avx512LutRegisters.Join(a, b).Store(target);
            Avx512LutRegisters.Join(c, d).Store(target + (Bytes / 2));
        }
    }

    /// <summary>
    /// Codes of 3 bits in groups of 128 columns: 32 bytes of two bits, then 16 bytes of one, see
    /// <c>schemas/DynMatMul.md</c>. One strip, two inputs side by side, with a fourth bit that says which: even
    /// fields, then odd ones.
    /// </summary>
    /// <param name="a">The strip at the first input.</param>
    /// <param name="row">Bytes from input to input.</param>
    /// <param name="inputs">How many; beside the last of an odd number stand zeros.</param>
    /// <param name="target">[inputs / 2 rounded up, 128].</param>
    public static void ThreeBits(byte* a, nint row, int inputs, byte* target)
    {
        byte* last = stackalloc byte[2 * Avx512LutRegisters.ThreeBitRow];
        Vector512<int> mask = Vector512.Create(LowPairs);
        Vector512<int> below = Vector512.Create(ThreeOfFour);
        Vector512<int> side = Avx512LutRegisters.Sides().AsInt32();
        Vector512<ushort> shifts = Avx512LutRegisters.ThirdShifts();
        for (int k = 0; k < inputs; k += 2, a += 2 * row, target += Bytes)
        {
            if (k == inputs - 1)
            {
                a = Avx512LutRegisters.LastOfThreeBits(a, last);
            }

            Vector512<int> low = Avx512LutRegisters.Join(a, a + row).AsInt32();
            Vector512<int> high =
                Avx512LutRegisters.ThirdBits(a + Avx512LutCodes.Bytes, a + row + Avx512LutCodes.Bytes, shifts)
                    .AsInt32();
            ((Vector512.ConditionalSelect(mask, low, Vector512.ShiftLeft(high, 2)) & below) | side).AsByte()
                .Store(target);
            ((Vector512.ConditionalSelect(mask, Vector512.ShiftRightLogical(low, 2), high) & below) | side).AsByte()
                .Store(target + (Bytes / 2));
        }
    }

    /// <summary>Codes of 2 bits, those of two inputs to four bits. Two strips: even fields, then odd ones.</summary>
    /// <param name="a">The first strip at the first input.</param>
    /// <param name="b">The second.</param>
    /// <param name="row">Bytes from input to input.</param>
    /// <param name="inputs">How many, an even number.</param>
    /// <param name="target">[inputs / 2, 128].</param>
    public static void TwoBits(byte* a, byte* b, nint row, int inputs, byte* target)
    {
        Vector512<int> mask = Vector512.Create(LowPairs);
        for (int k = 0; k < inputs; k += 2, a += 2 * row, b += 2 * row, target += Bytes)
        {
            Vector512<int> first = Avx512LutRegisters.Join(a, b).AsInt32();
            Vector512<int> second = Avx512LutRegisters.Join(a + row, b + row).AsInt32();
            Vector512.ConditionalSelect(mask, first, Vector512.ShiftLeft(second, 2)).AsByte().Store(target);
            Vector512.ConditionalSelect(mask, Vector512.ShiftRightLogical(first, 2), second)
                .AsByte()
                .Store(target + (Bytes / 2));
        }
    }
}
