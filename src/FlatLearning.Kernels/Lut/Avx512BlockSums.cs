using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Codes;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// Codes of 2 and 4 bits in 512-bit registers: a table of 16 floats is one register, made anew for each input from the
/// codebook and x, and one permutation looks up 16 columns. Nothing is stored but the sums.
/// </summary>
internal readonly unsafe struct Avx512BlockSums : IBlockSums
{
    /// <inheritdoc/>
    public static int BlockBytes => 16;

    /// <inheritdoc/>
    public static void Sum(
        TableCodes form, float* x, int inputs, byte* codes, int rowBytes, float* codebook, float* sums,
        int stride)
    {
        if (form.Bits == 2)
        {
            TwoBits(x, inputs, codes, rowBytes, codebook, form.Taps, sums, stride);
        }
        else
        {
            FourBits(x, inputs, codes, rowBytes, codebook, form.Taps, sums, stride);
        }
    }

    private static void FourBits(
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

    private static void TwoBits(
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
                Vector512.Create(x[t]), Vector512.Load(codebook + (t * CodeTable.Shortest)), table);
        }

        return table;
    }
}
