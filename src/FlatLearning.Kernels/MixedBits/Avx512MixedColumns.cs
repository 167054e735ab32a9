using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>
/// One block of sums of <see cref="Avx512MixedSums{TBits, TTaps, TBlocks, TRows}"/> in the order of its columns.
/// </summary>
internal static unsafe class Avx512MixedColumns
{
    /// <summary>columns[4 j + p] += lane j of register p.</summary>
    /// <param name="sums">[4, 16].</param>
    /// <param name="columns">64 floats.</param>
    public static void Add(float* sums, float* columns)
    {
        Vector512<float> s0 = Vector512.Load(sums), s1 = Vector512.Load(sums + 16), s2 = Vector512.Load(sums + 32),
            s3 = Vector512.Load(sums + 48);

        // Four neighbouring columns into every 128 bits, then those into their places: both are transpositions of 4 x
        // 4.
        Vector512<double> a = Avx512F.UnpackLow(s0, s1).AsDouble(), b = Avx512F.UnpackLow(s2, s3).AsDouble();
        Vector512<double> c = Avx512F.UnpackHigh(s0, s1).AsDouble(), d = Avx512F.UnpackHigh(s2, s3).AsDouble();
        Vector512<float> r0 = Avx512F.UnpackLow(a, b).AsSingle(), r1 = Avx512F.UnpackHigh(a, b).AsSingle();
        Vector512<float> r2 = Avx512F.UnpackLow(c, d).AsSingle(), r3 = Avx512F.UnpackHigh(c, d).AsSingle();
        Vector512<float> t0 = Avx512F.Shuffle4x128(r0, r1, 0x44), t1 = Avx512F.Shuffle4x128(r2, r3, 0x44);
        Vector512<float> t2 = Avx512F.Shuffle4x128(r0, r1, 0xEE), t3 = Avx512F.Shuffle4x128(r2, r3, 0xEE);
        Add(columns, Avx512F.Shuffle4x128(t0, t1, 0x88));
        Add(columns + 16, Avx512F.Shuffle4x128(t0, t1, 0xDD));
        Add(columns + 32, Avx512F.Shuffle4x128(t2, t3, 0x88));
        Add(columns + 48, Avx512F.Shuffle4x128(t2, t3, 0xDD));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* columns, Vector512<float> values) =>
        (Vector512.Load(columns) + values).Store(columns);
}
