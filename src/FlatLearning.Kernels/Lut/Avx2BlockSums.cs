using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Codes;

namespace FlatLearning.Kernels.Lut;

/// <summary>Codes of 2 bits in 256-bit registers: four entries fit one permutation of eight.</summary>
internal readonly unsafe struct Avx2BlockSums : IBlockSums
{
    /// <inheritdoc/>
    public static int BlockBytes => 8;

    /// <inheritdoc/>
    public static void Sum(
        TableCodes form, float* x, int inputs, byte* codes, int rowBytes, float* codebook, float* sums,
        int stride)
    {
        int taps = form.Taps;
        Vector256<float> a = Vector256<float>.Zero, b = a, c = a, d = a;
        for (int k = 0; k < inputs; k++, codes += rowBytes)
        {
            // Four entries, repeated: three bits of an index are looked at, two of them matter.
            Vector256<float> table = Table(x + k, codebook, taps);
            Vector256<int> index = Avx2.ConvertToVector256Int32(codes);
            a += Avx2.PermuteVar8x32(table, index);
            b += Avx2.PermuteVar8x32(table, Vector256.ShiftRightLogical(index, 2));
            c += Avx2.PermuteVar8x32(table, Vector256.ShiftRightLogical(index, 4));
            d += Avx2.PermuteVar8x32(table, Vector256.ShiftRightLogical(index, 6));
        }

        a.Store(sums);
        b.Store(sums + stride);
        c.Store(sums + (2 * stride));
        d.Store(sums + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Table(float* x, float* codebook, int taps)
    {
        Vector256<float> table = Vector256.Create(x[0]) * Vector256.Load(codebook);
        for (int t = 1; t < taps; t++)
        {
            table = Fma.MultiplyAdd(
                Vector256.Create(x[t]), Vector256.Load(codebook + (t * CodeTable.Shortest)), table);
        }

        return table;
    }
}
