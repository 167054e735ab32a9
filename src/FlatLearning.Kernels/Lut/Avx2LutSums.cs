using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.Lut;

/// <summary>What 32 columns of codes find in tables, input after input: summed, or stored.</summary>
/// <typeparam name="TLength">Entries of a table: 16, 32 or 64.</typeparam>
internal static unsafe class Avx2LutSums<TLength>
    where TLength : unmanaged, ICount
{
    private const int TableBytesOfEntry = sizeof(float);
    private const int Half = Avx2BytePlanes.Block / 2;

    /// <summary>sums[n] += sum over k of table_k[code[k, n]].</summary>
    /// <param name="codes">[count, 32], a code per byte.</param>
    /// <param name="tables">[count, length / 16, 4, 16].</param>
    /// <param name="count">Inputs.</param>
    /// <param name="sums">[32].</param>
    public static void Add(byte* codes, byte* tables, int count, float* sums)
    {
        Vector256<float> s0 = Vector256.Load(sums), s1 = Vector256.Load(sums + 8), s2 = Vector256.Load(sums + 16),
            s3 = Vector256.Load(sums + 24);

        // Interleaving stays within halves of a register.
        Vector256<float> a = Avx.Permute2x128(s0, s2, 0x20), b = Avx.Permute2x128(s0, s2, 0x31);
        Vector256<float> c = Avx.Permute2x128(s1, s3, 0x20), d = Avx.Permute2x128(s1, s3, 0x31);
        for (byte* end = codes + (count * Avx2BytePlanes.Block);
            codes != end;
            codes += Avx2BytePlanes.Block, tables += TableBytesOfEntry * sizeof(TLength))
        {
            Vector256<byte> index = Avx2BytePlanes.Index<TLength>(Vector256.Load(codes));
            Vector256<byte> b0 = Avx2BytePlanes.LookUp<TLength>(tables, 0, index),
                b1 = Avx2BytePlanes.LookUp<TLength>(tables, 1, index);
            Vector256<byte> b2 = Avx2BytePlanes.LookUp<TLength>(tables, 2, index),
                b3 = Avx2BytePlanes.LookUp<TLength>(tables, 3, index);
            Vector256<byte> low = Avx2.UnpackLow(b0, b1), high = Avx2.UnpackLow(b2, b3);
            a += Avx2BytePlanes.Low(low, high);
            b += Avx2BytePlanes.High(low, high);
            low = Avx2.UnpackHigh(b0, b1);
            high = Avx2.UnpackHigh(b2, b3);
            c += Avx2BytePlanes.Low(low, high);
            d += Avx2BytePlanes.High(low, high);
        }

        Avx.Permute2x128(a, b, 0x20).Store(sums);
        Avx.Permute2x128(c, d, 0x20).Store(sums + 8);
        Avx.Permute2x128(a, b, 0x31).Store(sums + 16);
        Avx.Permute2x128(c, d, 0x31).Store(sums + 24);
    }

    /// <summary>
    /// target[k, n] = scale[k] · (target[k, n] + table0[code[k, n]] + table1[code[k - 1, n]]), without the first
    /// summand where there is none.
    /// </summary>
    /// <typeparam name="TTables">Tables: 1 or 2.</typeparam>
    /// <param name="codes">[count, 32], a code per byte; with two tables one row more lies before them.</param>
    /// <param name="tables">[tables, length / 16, 4, 16].</param>
    /// <param name="count">Inputs.</param>
    /// <param name="scale">[count] or null for ones.</param>
    /// <param name="target">[count, stride].</param>
    /// <param name="stride">Floats from input to input.</param>
    /// <param name="first">The first column that is written: 0 or 16.</param>
    /// <param name="columns">How many are: 16 or 32.</param>
    /// <param name="adds">Whether there is something in <paramref name="target"/>.</param>
    public static void Decode<TTables>(
        byte* codes, byte* tables, int count, float* scale, float* target, nint stride, int first, int columns,
        Summand adds)
        where TTables : unmanaged, ICount
    {
        byte* next = tables + (TableBytesOfEntry * sizeof(TLength));
        for (int k = 0; k < count; k++, codes += Avx2BytePlanes.Block, target += stride)
        {
            Vector256<byte> index = Avx2BytePlanes.Index<TLength>(Vector256.Load(codes));
            Vector256<byte> b0 = Avx2BytePlanes.LookUp<TLength>(tables, 0, index),
                b1 = Avx2BytePlanes.LookUp<TLength>(tables, 1, index);
            Vector256<byte> b2 = Avx2BytePlanes.LookUp<TLength>(tables, 2, index),
                b3 = Avx2BytePlanes.LookUp<TLength>(tables, 3, index);
            Vector256<byte> low = Avx2.UnpackLow(b0, b1), high = Avx2.UnpackLow(b2, b3);
            Vector256<float> a = Avx2BytePlanes.Low(low, high), b = Avx2BytePlanes.High(low, high);
            low = Avx2.UnpackHigh(b0, b1);
            high = Avx2.UnpackHigh(b2, b3);
            Vector256<float> c = Avx2BytePlanes.Low(low, high), d = Avx2BytePlanes.High(low, high);
            if (sizeof(TTables) > 1)
            {
                index = Avx2BytePlanes.Index<TLength>(Vector256.Load(codes - Avx2BytePlanes.Block));
                b0 = Avx2BytePlanes.LookUp<TLength>(next, 0, index);
                b1 = Avx2BytePlanes.LookUp<TLength>(next, 1, index);
                b2 = Avx2BytePlanes.LookUp<TLength>(next, 2, index);
                b3 = Avx2BytePlanes.LookUp<TLength>(next, 3, index);
                low = Avx2.UnpackLow(b0, b1);
                high = Avx2.UnpackLow(b2, b3);
                a += Avx2BytePlanes.Low(low, high);
                b += Avx2BytePlanes.High(low, high);
                low = Avx2.UnpackHigh(b0, b1);
                high = Avx2.UnpackHigh(b2, b3);
                c += Avx2BytePlanes.Low(low, high);
                d += Avx2BytePlanes.High(low, high);
            }

            Vector256<float> factor = Vector256.Create(scale is null ? 1f : scale[k]);
            if (first == 0)
            {
                Write(Avx.Permute2x128(a, b, 0x20), factor, target, adds);
                Write(Avx.Permute2x128(c, d, 0x20), factor, target + 8, adds);
            }

            if (first + columns > Half)
            {
                Write(Avx.Permute2x128(a, b, 0x31), factor, target + Half - first, adds);
                Write(Avx.Permute2x128(c, d, 0x31), factor, target + Half + 8 - first, adds);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(Vector256<float> value, Vector256<float> factor, float* target, Summand adds) =>
        ((adds == Summand.Target ? Vector256.Load(target) + value : value) * factor).Store(target);
}
