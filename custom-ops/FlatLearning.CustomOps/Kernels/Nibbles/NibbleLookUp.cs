using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.CustomOps.Kernels.Nibbles;

/// <summary>
/// The look-up product of one row of x in float32 for 256 columns at once: a table of 16 floats is one register, made anew for each input from the codebook and x, so that taps
/// cost nothing per column, and one permutation looks up 16 columns. Sixteen sums stay in registers from the first input to the last.
/// </summary>
/// <typeparam name="TTaps">Taps of the codebook.</typeparam>
internal static unsafe class NibbleLookUp<TTaps>
    where TTaps : unmanaged, ICount
{
    private const int LowPairs = 0x33333333;
    private const int ThreeOfFour = 0x77777777;

    /// <summary>Codes of 4 bits: four windows.</summary>
    /// <param name="a">The first window at the first input.</param>
    /// <param name="b">The second.</param>
    /// <param name="c">The third.</param>
    /// <param name="d">The fourth.</param>
    /// <param name="row">Bytes from input to input.</param>
    /// <param name="x">The inputs, multiplied by rho, followed by zeros for the taps.</param>
    /// <param name="inputs">K.</param>
    /// <param name="windows">The codebook.</param>
    /// <param name="sums">[2, 8 nibbles, 16]: lanes of the first and second window, then of the third and fourth; overwritten.</param>
    public static void FourBits(byte* a, byte* b, byte* c, byte* d, nint row, float* x, int inputs, NibbleWindows windows, float* sums)
    {
        Vector512<float> s0 = Vector512<float>.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0, s10 = s0, s11 = s0, s12 = s0, s13 = s0, s14 = s0, s15 = s0;
        fixed (float* codebook = windows.Codebook)
        {
            Vector512<float> c0 = Vector512.Load(codebook);
            Vector512<float> c1 = Tap(codebook, 1), c2 = Tap(codebook, 2), c3 = Tap(codebook, 3), c4 = Tap(codebook, 4);
            for (int k = 0; k < inputs; k++, a += row, b += row, c += row, d += row)
            {
                Vector512<float> table = Table(x + k, c0, c1, c2, c3, c4);
                Vector512<int> codes = NibbleRegisters.Join(a, b).AsInt32();
                s0 += Avx512F.PermuteVar16x32(table, codes);
                s1 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 4));
                s2 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 8));
                s3 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 12));
                s4 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 16));
                s5 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 20));
                s6 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 24));
                s7 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 28));
                codes = NibbleRegisters.Join(c, d).AsInt32();
                s8 += Avx512F.PermuteVar16x32(table, codes);
                s9 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 4));
                s10 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 8));
                s11 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 12));
                s12 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 16));
                s13 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 20));
                s14 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 24));
                s15 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 28));
            }
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

    /// <summary>
    /// The same where the first two windows are neighbours in memory and the last two as well: instead of being shifted by whole bytes, a register is loaded again that many bytes
    /// later, since shifts and permutations wait for the same ports.
    /// </summary>
    /// <param name="a">The first two windows at the first input.</param>
    /// <param name="c">The last two.</param>
    /// <param name="row">Bytes from input to input.</param>
    /// <param name="x">The inputs, multiplied by rho, followed by zeros for the taps.</param>
    /// <param name="inputs">K.</param>
    /// <param name="windows">The codebook.</param>
    /// <param name="sums">[2, 8 nibbles, 16], overwritten.</param>
    public static void FourBitsWide(byte* a, byte* c, nint row, float* x, int inputs, NibbleWindows windows, float* sums)
    {
        const int Behind = 3;
        byte* last = stackalloc byte[2 * (Vector512<byte>.Count + Behind)];
        Vector512<float> s0 = Vector512<float>.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0, s10 = s0, s11 = s0, s12 = s0, s13 = s0, s14 = s0, s15 = s0;
        fixed (float* codebook = windows.Codebook)
        {
            Vector512<float> c0 = Vector512.Load(codebook);
            Vector512<float> c1 = Tap(codebook, 1), c2 = Tap(codebook, 2), c3 = Tap(codebook, 3), c4 = Tap(codebook, 4);
            for (int k = 0; k < inputs; k++, a += row, c += row)
            {
                // Behind the last input the blob may end.
                if (k == inputs - 1)
                {
                    Vector512.Load(a).Store(last);
                    Vector512.Load(c).Store(last + Vector512<byte>.Count + Behind);
                    a = last;
                    c = last + Vector512<byte>.Count + Behind;
                }

                Vector512<float> table = Table(x + k, c0, c1, c2, c3, c4);
                Vector512<int> codes = Vector512.Load(a).AsInt32();
                s0 += Avx512F.PermuteVar16x32(table, codes);
                s1 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 4));
                codes = Vector512.Load(a + 1).AsInt32();
                s2 += Avx512F.PermuteVar16x32(table, codes);
                s3 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 4));
                codes = Vector512.Load(a + 2).AsInt32();
                s4 += Avx512F.PermuteVar16x32(table, codes);
                s5 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 4));
                codes = Vector512.Load(a + 3).AsInt32();
                s6 += Avx512F.PermuteVar16x32(table, codes);
                s7 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 4));
                codes = Vector512.Load(c).AsInt32();
                s8 += Avx512F.PermuteVar16x32(table, codes);
                s9 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 4));
                codes = Vector512.Load(c + 1).AsInt32();
                s10 += Avx512F.PermuteVar16x32(table, codes);
                s11 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 4));
                codes = Vector512.Load(c + 2).AsInt32();
                s12 += Avx512F.PermuteVar16x32(table, codes);
                s13 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 4));
                codes = Vector512.Load(c + 3).AsInt32();
                s14 += Avx512F.PermuteVar16x32(table, codes);
                s15 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 4));
            }
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

    /// <summary>
    /// Codes of 3 bits in groups of 128 columns: 32 bytes of two bits, then 16 bytes of one, see <c>schemas/DynMatMul.md</c>. One window, two inputs side by side: rows of 48 bytes of two groups would
    /// fight for cache lines that both need again.
    /// </summary>
    /// <param name="a">The window at the first input.</param>
    /// <param name="row">Bytes from input to input.</param>
    /// <param name="x">The inputs, multiplied by rho, followed by zeros for the taps.</param>
    /// <param name="inputs">K.</param>
    /// <param name="windows">The codebook.</param>
    /// <param name="sums">[2, 8 nibbles, 16]: even fields, then odd ones; the lanes' sums over even and over odd inputs; overwritten.</param>
    public static void ThreeBits(byte* a, nint row, float* x, int inputs, NibbleWindows windows, float* sums)
    {
        byte* last = stackalloc byte[2 * NibbleRegisters.ThreeBitRow];
        Vector512<float> s0 = Vector512<float>.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0, s10 = s0, s11 = s0, s12 = s0, s13 = s0, s14 = s0, s15 = s0;
        Vector512<int> mask = Vector512.Create(LowPairs);
        Vector512<int> below = Vector512.Create(ThreeOfFour);
        Vector512<int> side = NibbleRegisters.Sides().AsInt32();
        Vector512<float> upper = Vector512.Create(Vector256<float>.Zero, Vector256<float>.AllBitsSet);
        Vector512<ushort> shifts = NibbleRegisters.ThirdShifts();
        fixed (float* codebook = windows.Codebook)
        {
            Vector512<float> c0 = Vector512.Load(codebook);
            Vector512<float> c1 = Tap(codebook, 1), c2 = Tap(codebook, 2), c3 = Tap(codebook, 3), c4 = Tap(codebook, 4);
            for (int k = 0; k < inputs; k += 2, a += 2 * row)
            {
                // An odd input at the end stands beside zeros; there is nothing to read for them.
                if (k == inputs - 1)
                {
                    a = NibbleRegisters.LastOfThreeBits(a, last);
                }

                Vector512<float> table = Table(x + k, c0, c1, c2, c3, c4, upper);
                Vector512<int> low = NibbleRegisters.Join(a, a + row).AsInt32();
                Vector512<int> high = NibbleRegisters.ThirdBits(a + NibbleWindows.Bytes, a + row + NibbleWindows.Bytes, shifts).AsInt32();
                Vector512<int> codes = (Vector512.ConditionalSelect(mask, low, Vector512.ShiftLeft(high, 2)) & below) | side;
                s0 += Avx512F.PermuteVar16x32(table, codes);
                s1 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 4));
                s2 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 8));
                s3 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 12));
                s4 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 16));
                s5 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 20));
                s6 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 24));
                s7 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 28));
                codes = (Vector512.ConditionalSelect(mask, Vector512.ShiftRightLogical(low, 2), high) & below) | side;
                s8 += Avx512F.PermuteVar16x32(table, codes);
                s9 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 4));
                s10 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 8));
                s11 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 12));
                s12 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 16));
                s13 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 20));
                s14 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 24));
                s15 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 28));
            }
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

    /// <summary>Codes of 2 bits, two inputs to a nibble. Two windows.</summary>
    /// <param name="a">The first window at the first input.</param>
    /// <param name="b">The second.</param>
    /// <param name="row">Bytes from input to input.</param>
    /// <param name="x">The inputs, multiplied by rho, followed by zeros for the taps.</param>
    /// <param name="inputs">K, even.</param>
    /// <param name="windows">The codebook.</param>
    /// <param name="sums">As for 3 bits.</param>
    public static void TwoBits(byte* a, byte* b, nint row, float* x, int inputs, NibbleWindows windows, float* sums)
    {
        Vector512<float> s0 = Vector512<float>.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0, s10 = s0, s11 = s0, s12 = s0, s13 = s0, s14 = s0, s15 = s0;
        Vector512<int> mask = Vector512.Create(LowPairs);
        fixed (float* codebook = windows.Codebook, secondCodebook = windows.SecondCodebook)
        {
            Vector512<float> c0 = Vector512.Load(codebook);
            Vector512<float> c1 = Tap(codebook, 1), c2 = Tap(codebook, 2), c3 = Tap(codebook, 3), c4 = Tap(codebook, 4);
            Vector512<float> d0 = Vector512.Load(secondCodebook);
            Vector512<float> d1 = Tap(secondCodebook, 1), d2 = Tap(secondCodebook, 2), d3 = Tap(secondCodebook, 3), d4 = Tap(secondCodebook, 4);
            for (int k = 0; k < inputs; k += 2, a += 2 * row, b += 2 * row)
            {
                Vector512<float> table = Table(x + k, c0, c1, c2, c3, c4) + Table(x + k + 1, d0, d1, d2, d3, d4);
                Vector512<int> first = NibbleRegisters.Join(a, b).AsInt32();
                Vector512<int> second = NibbleRegisters.Join(a + row, b + row).AsInt32();
                Vector512<int> codes = Vector512.ConditionalSelect(mask, first, Vector512.ShiftLeft(second, 2));
                s0 += Avx512F.PermuteVar16x32(table, codes);
                s1 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 4));
                s2 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 8));
                s3 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 12));
                s4 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 16));
                s5 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 20));
                s6 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 24));
                s7 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 28));
                codes = Vector512.ConditionalSelect(mask, Vector512.ShiftRightLogical(first, 2), second);
                s8 += Avx512F.PermuteVar16x32(table, codes);
                s9 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 4));
                s10 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 8));
                s11 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 12));
                s12 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 16));
                s13 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 20));
                s14 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 24));
                s15 += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(codes, 28));
            }
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Tap(float* codebook, int tap) => tap < sizeof(TTaps) ? Vector512.Load(codebook + (tap * NibbleWindows.Entries)) : Vector512<float>.Zero;

    // The codebook stays in registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Table(float* x, Vector512<float> c0, Vector512<float> c1, Vector512<float> c2, Vector512<float> c3, Vector512<float> c4)
    {
        Vector512<float> table = c0 * Vector512.Create(x[0]);
        table = sizeof(TTaps) > 1 ? Vector512.FusedMultiplyAdd(c1, Vector512.Create(x[1]), table) : table;
        table = sizeof(TTaps) > 2 ? Vector512.FusedMultiplyAdd(c2, Vector512.Create(x[2]), table) : table;
        table = sizeof(TTaps) > 3 ? Vector512.FusedMultiplyAdd(c3, Vector512.Create(x[3]), table) : table;
        return sizeof(TTaps) > 4 ? Vector512.FusedMultiplyAdd(c4, Vector512.Create(x[4]), table) : table;
    }

    // Of two inputs side by side: in the lanes of the upper half that of the second.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Table(float* x, Vector512<float> c0, Vector512<float> c1, Vector512<float> c2, Vector512<float> c3, Vector512<float> c4, Vector512<float> upper)
    {
        Vector512<float> table = c0 * Pair(x, upper);
        table = sizeof(TTaps) > 1 ? Vector512.FusedMultiplyAdd(c1, Pair(x + 1, upper), table) : table;
        table = sizeof(TTaps) > 2 ? Vector512.FusedMultiplyAdd(c2, Pair(x + 2, upper), table) : table;
        table = sizeof(TTaps) > 3 ? Vector512.FusedMultiplyAdd(c3, Pair(x + 3, upper), table) : table;
        return sizeof(TTaps) > 4 ? Vector512.FusedMultiplyAdd(c4, Pair(x + 4, upper), table) : table;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Pair(float* x, Vector512<float> upper) => Vector512.ConditionalSelect(upper, Vector512.Create(x[1]), Vector512.Create(x[0]));
}
