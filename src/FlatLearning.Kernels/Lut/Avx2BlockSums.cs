using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// The look-up product in 256-bit registers: a table of 16 floats is two registers, two permutations look up 8 columns,
/// and bit 3 of the index chooses between them. Parameters as in <see cref="Avx512BlockSums"/>; a call works on 8 bytes
/// per input.
/// </summary>
internal static unsafe class Avx2BlockSums
{
    /// <summary>Bytes of codes that fill a register with 32-bit indices.</summary>
    public const int BlockBytes = 8;

    /// <inheritdoc cref="Avx512BlockSums.FourBits"/>
    public static void FourBits(
        float* x, int inputs, byte* codes, int rowBytes, float* codebook, int taps, float* sums, int stride)
    {
        Vector256<float> low = Vector256<float>.Zero;
        Vector256<float> high = Vector256<float>.Zero;
        for (int k = 0; k < inputs; k++, codes += rowBytes)
        {
            Vector256<float> first = Table(x + k, codebook, taps);
            Vector256<float> second = Table(x + k, codebook + 8, taps);
            Vector256<int> index = Avx2.ConvertToVector256Int32(codes);
            low += LookUp(first, second, index);
            high += LookUp(first, second, Vector256.ShiftRightLogical(index, 4));
        }

        low.Store(sums);
        high.Store(sums + stride);
    }

    /// <summary>The same for 32 bytes per input, 64 columns: eight sums in registers.</summary>
    public static void FourBitsWide(
        float* x, int inputs, byte* codes, int rowBytes, float* codebook, int taps, float* sums, int stride)
    {
        Vector256<float> a = Vector256<float>.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        for (int k = 0; k < inputs; k++, codes += rowBytes)
        {
            Vector256<float> first = Table(x + k, codebook, taps);
            Vector256<float> second = Table(x + k, codebook + 8, taps);
            Vector256<int> index = Avx2.ConvertToVector256Int32(codes);
            a += LookUp(first, second, index);
            e += LookUp(first, second, Vector256.ShiftRightLogical(index, 4));
            index = Avx2.ConvertToVector256Int32(codes + 8);
            b += LookUp(first, second, index);
            f += LookUp(first, second, Vector256.ShiftRightLogical(index, 4));
            index = Avx2.ConvertToVector256Int32(codes + 16);
            c += LookUp(first, second, index);
            g += LookUp(first, second, Vector256.ShiftRightLogical(index, 4));
            index = Avx2.ConvertToVector256Int32(codes + 24);
            d += LookUp(first, second, index);
            h += LookUp(first, second, Vector256.ShiftRightLogical(index, 4));
        }

        a.Store(sums);
        b.Store(sums + 8);
        c.Store(sums + 16);
        d.Store(sums + 24);
        e.Store(sums + stride);
        f.Store(sums + stride + 8);
        g.Store(sums + stride + 16);
        h.Store(sums + stride + 24);
    }

    /// <inheritdoc cref="Avx512BlockSums.TwoBits"/>
    public static void TwoBits(
        float* x, int inputs, byte* codes, int rowBytes, float* codebook, int taps, float* sums, int stride)
    {
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
    private static Vector256<float> LookUp(Vector256<float> first, Vector256<float> second, Vector256<int> index) =>
        Avx.BlendVariable(
        Avx2.PermuteVar8x32(first, index),
        Avx2.PermuteVar8x32(second, index),
        Vector256.ShiftLeft(index, 28).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Table(float* x, float* codebook, int taps)
    {
        Vector256<float> table = Vector256.Create(x[0]) * Vector256.Load(codebook);
        for (int t = 1; t < taps; t++)
        {
            table =
                Fma.MultiplyAdd(Vector256.Create(x[t]), Vector256.Load(codebook + (t * BlockLutTables.Entries)), table);
        }

        return table;
    }
}
