using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// The look-up product in 512-bit registers: a table of 16 floats is one register, made anew for each input from the
/// codebook and x, and one permutation looks up 16 columns. Nothing is stored but the sums.
/// </summary>
internal static unsafe class Avx512BlockSums
{
    /// <summary>Bytes of codes that fill a register with 32-bit indices.</summary>
    public const int BlockBytes = 16;

    /// <summary>Sums of the columns of 16·blocks bytes per input; blocks times positions is 8 or fewer.</summary>
    /// <param name="x">K inputs, multiplied by rho, and <see cref="BlockLutTables.Padding"/> zeros.</param>
    /// <param name="inputs">K.</param>
    /// <param name="codes">The first byte of the first input.</param>
    /// <param name="rowBytes">Bytes from input to input.</param>
    /// <param name="codebook">[taps, 16].</param>
    /// <param name="taps">1 to 5.</param>
    /// <param name="sums">[positions, stride], overwritten in this block's columns.</param>
    /// <param name="stride">Floats from position to position.</param>
    public static void FourBits(
        float* x, int inputs, byte* codes, int rowBytes, float* codebook, int taps, float* sums, int stride)
    {
        Vector512<float> low = Vector512<float>.Zero;
        Vector512<float> high = Vector512<float>.Zero;
        for (int k = 0; k < inputs; k++, codes += rowBytes)
        {
            Vector512<float> table = Table(x + k, codebook, taps);
            Vector512<int> index = Avx512F.ConvertToVector512Int32(Vector128.Load(codes));
            low += Avx512F.PermuteVar16x32(table, index);
            high += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(index, 4));
        }

        low.Store(sums);
        high.Store(sums + stride);
    }

    /// <summary>The same for 64 bytes per input, 128 columns: eight sums in registers.</summary>
    public static void FourBitsWide(
        float* x, int inputs, byte* codes, int rowBytes, float* codebook, int taps, float* sums, int stride)
    {
        Vector512<float> a = Vector512<float>.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        for (int k = 0; k < inputs; k++, codes += rowBytes)
        {
            Vector512<float> table = Table(x + k, codebook, taps);
            Vector512<int> index = Avx512F.ConvertToVector512Int32(Vector128.Load(codes));
            a += Avx512F.PermuteVar16x32(table, index);
            e += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(index, 4));
            index = Avx512F.ConvertToVector512Int32(Vector128.Load(codes + 16));
            b += Avx512F.PermuteVar16x32(table, index);
            f += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(index, 4));
            index = Avx512F.ConvertToVector512Int32(Vector128.Load(codes + 32));
            c += Avx512F.PermuteVar16x32(table, index);
            g += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(index, 4));
            index = Avx512F.ConvertToVector512Int32(Vector128.Load(codes + 48));
            d += Avx512F.PermuteVar16x32(table, index);
            h += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(index, 4));
        }

        a.Store(sums);
        b.Store(sums + 16);
        c.Store(sums + 32);
        d.Store(sums + 48);
        e.Store(sums + stride);
        f.Store(sums + stride + 16);
        g.Store(sums + stride + 32);
        h.Store(sums + stride + 48);
    }

    /// <summary>The same for 2-bit codes: 16 bytes per input, 64 columns.</summary>
    public static void TwoBits(
        float* x, int inputs, byte* codes, int rowBytes, float* codebook, int taps, float* sums, int stride)
    {
        Vector512<float> a = Vector512<float>.Zero, b = a, c = a, d = a;
        for (int k = 0; k < inputs; k++, codes += rowBytes)
        {
            Vector512<float> table = Table(x + k, codebook, taps);
            Vector512<int> index = Avx512F.ConvertToVector512Int32(Vector128.Load(codes));
            a += Avx512F.PermuteVar16x32(table, index);
            b += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(index, 2));
            c += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(index, 4));
            d += Avx512F.PermuteVar16x32(table, Vector512.ShiftRightLogical(index, 6));
        }

        a.Store(sums);
        b.Store(sums + stride);
        c.Store(sums + (2 * stride));
        d.Store(sums + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Table(float* x, float* codebook, int taps)
    {
        Vector512<float> table = Vector512.Create(x[0]) * Vector512.Load(codebook);
        for (int t = 1; t < taps; t++)
        {
            table = Vector512.FusedMultiplyAdd(
                Vector512.Create(x[t]), Vector512.Load(codebook + (t * BlockLutTables.Entries)), table);
        }

        return table;
    }
}
