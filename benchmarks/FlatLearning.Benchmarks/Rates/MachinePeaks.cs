using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlatLearning.Numerics;

namespace FlatLearning.Benchmarks.Rates;

/// <summary>
/// Loops that do one kind of arithmetic as fast as one core can, on registers alone (the exponential: on 16 KB). Each
/// returns what keeps the compiler from dropping it, and is not inlined where that is thrown away.
/// </summary>
internal static class MachinePeaks
{
    private const int Lanes = 16;
    private const int Chains = 12;
    private const int Turns = 20_000;

    private static readonly float[] Arguments = [.. Enumerable.Range(0, 4096).Select(i => (i / 256f) - 8)];
    private static readonly float[] Results = new float[4096];

    /// <summary>
    /// Chains start apart and out of the compiler's sight: it would compute equal ones once. No call either, which
    /// would put the chains on the stack.
    /// </summary>
    private static readonly float[] Starts = [.. Enumerable.Range(0, Chains + Lanes).Select(i => 1.5f + (i / 16f))];

    /// <summary>
    /// Operations on one float per call of <see cref="MultiplyAdd"/>, <see cref="Divide"/> and
    /// <see cref="Reciprocal"/>.
    /// </summary>
    public static double Operations => (double)Turns * Chains * Lanes;

    /// <summary>Exponentials per call of <see cref="Exponential"/>.</summary>
    public static double Exponentials => Arguments.Length;

    /// <summary>Fused multiply-adds, twelve independent chains, enough for two ports of four cycles' latency.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float MultiplyAdd()
    {
        ref float s = ref Starts[0];
        (Vector512<float> x, Vector512<float> y) = (Vector512.Create(0.999f), Vector512.Create(0.001f));
        (Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d) = (
            Vector512.LoadUnsafe(ref s, 0), Vector512.LoadUnsafe(ref s, 1),
            Vector512.LoadUnsafe(ref s, 2), Vector512.LoadUnsafe(ref s, 3));
        (Vector512<float> e, Vector512<float> f, Vector512<float> g, Vector512<float> h) = (
            Vector512.LoadUnsafe(ref s, 4), Vector512.LoadUnsafe(ref s, 5),
            Vector512.LoadUnsafe(ref s, 6), Vector512.LoadUnsafe(ref s, 7));
        (Vector512<float> i, Vector512<float> j, Vector512<float> k, Vector512<float> l) = (
            Vector512.LoadUnsafe(ref s, 8), Vector512.LoadUnsafe(ref s, 9),
            Vector512.LoadUnsafe(ref s, 10), Vector512.LoadUnsafe(ref s, 11));
        for (int turn = 0; turn < Turns; turn++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y);
            l = Vector512.FusedMultiplyAdd(l, x, y);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    /// <summary>Divisions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Divide()
    {
        ref float s = ref Starts[0];
        Vector512<float> x = Vector512.Create(1.5f);
        (Vector512<float> a, Vector512<float> b, Vector512<float> c) =
            (Vector512.LoadUnsafe(ref s, 0), Vector512.LoadUnsafe(ref s, 1), Vector512.LoadUnsafe(ref s, 2));
        (Vector512<float> d, Vector512<float> e, Vector512<float> f) =
            (Vector512.LoadUnsafe(ref s, 3), Vector512.LoadUnsafe(ref s, 4), Vector512.LoadUnsafe(ref s, 5));
        for (int turn = 0; turn < 2 * Turns; turn++)
        {
            a = x / a;
            b = x / b;
            c = x / c;
            d = x / d;
            e = x / e;
            f = x / f;
        }

        return Vector512.Sum(a + b + c + d + e + f);
    }

    /// <summary>
    /// Reciprocals by the 14-bit table and one step of Newton; divisions where the processor has no such table.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Reciprocal()
    {
        ref float s = ref Starts[0];
        (Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d) = (
            Vector512.LoadUnsafe(ref s, 0), Vector512.LoadUnsafe(ref s, 1),
            Vector512.LoadUnsafe(ref s, 2), Vector512.LoadUnsafe(ref s, 3));
        (Vector512<float> e, Vector512<float> f, Vector512<float> g, Vector512<float> h) = (
            Vector512.LoadUnsafe(ref s, 4), Vector512.LoadUnsafe(ref s, 5),
            Vector512.LoadUnsafe(ref s, 6), Vector512.LoadUnsafe(ref s, 7));
        (Vector512<float> i, Vector512<float> j, Vector512<float> k, Vector512<float> l) = (
            Vector512.LoadUnsafe(ref s, 8), Vector512.LoadUnsafe(ref s, 9),
            Vector512.LoadUnsafe(ref s, 10), Vector512.LoadUnsafe(ref s, 11));
        for (int turn = 0; turn < Turns; turn++)
        {
            a = Inverse(a);
            b = Inverse(b);
            c = Inverse(c);
            d = Inverse(d);
            e = Inverse(e);
            f = Inverse(f);
            g = Inverse(g);
            h = Inverse(h);
            i = Inverse(i);
            j = Inverse(j);
            k = Inverse(k);
            l = Inverse(l);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    /// <summary>The exponential of the library.</summary>
    public static float Exponential()
    {
        ElementWise.Exp(Arguments, Results);
        return Results[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Inverse(Vector512<float> x)
    {
        if (!Avx512F.IsSupported)
        {
            return Vector512<float>.One / x;
        }

        Vector512<float> r = Avx512F.Reciprocal14(x);
        return r * Avx512F.FusedMultiplyAddNegated(x, r, Vector512.Create(2f));
    }
}
