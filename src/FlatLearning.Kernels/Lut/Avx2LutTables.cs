using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// Tables of inputs: table k holds, for every code, what x[k], x[k + 1], ... of the taps give together, cut into
/// planes.
/// </summary>
internal static unsafe class Avx2LutTables
{
    /// <summary>Tables of 16 entries; the codebook stays in registers.</summary>
    /// <typeparam name="TTaps">Taps.</typeparam>
    /// <param name="codebook">[taps, 16].</param>
    /// <param name="x">[count + taps - 1].</param>
    /// <param name="count">How many.</param>
    /// <param name="tables">[count, 4, 16].</param>
    public static void WriteShort<TTaps>(float* codebook, float* x, int count, byte* tables)
        where TTaps : unmanaged, ICount
    {
        Vector256<float> c0 = Tap<TTaps>(codebook, 0, 0), c1 = Tap<TTaps>(codebook, 1, 0),
            c2 = Tap<TTaps>(codebook, 2, 0), c3 = Tap<TTaps>(codebook, 3, 0), c4 = Tap<TTaps>(codebook, 4, 0);
        Vector256<float> d0 = Tap<TTaps>(codebook, 0, 8), d1 = Tap<TTaps>(codebook, 1, 8),
            d2 = Tap<TTaps>(codebook, 2, 8), d3 = Tap<TTaps>(codebook, 3, 8), d4 = Tap<TTaps>(codebook, 4, 8);
        for (float* end = x + count; x != end; x++, tables += Avx2BytePlanes.PartBytes)
        {
            Avx2BytePlanes.Cut(Table<TTaps>(x, c0, c1, c2, c3, c4), Table<TTaps>(x, d0, d1, d2, d3, d4), tables);
        }
    }

    /// <summary>Tables of any length.</summary>
    /// <param name="codebook">[taps, stride].</param>
    /// <param name="stride">Entries of a table, a multiple of 16.</param>
    /// <param name="taps">Taps.</param>
    /// <param name="x">[count + taps - 1].</param>
    /// <param name="count">How many.</param>
    /// <param name="tables">[count, stride / 16, 4, 16].</param>
    public static void Write(float* codebook, int stride, int taps, float* x, int count, byte* tables)
    {
        for (float* end = x + count; x != end; x++)
        {
            for (int part = 0; part < stride; part += Avx2BytePlanes.Entries, tables += Avx2BytePlanes.PartBytes)
            {
                float* entries = codebook + part;
                Vector256<float> factor = Vector256.Create(*x);
                Vector256<float> low = factor * Vector256.Load(entries), high = factor * Vector256.Load(entries + 8);
                for (int tap = 1; tap < taps; tap++)
                {
                    entries += stride;
                    factor = Vector256.Create(x[tap]);
                    low = Fma.MultiplyAdd(factor, Vector256.Load(entries), low);
                    high = Fma.MultiplyAdd(factor, Vector256.Load(entries + 8), high);
                }

                Avx2BytePlanes.Cut(low, high, tables);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Tap<TTaps>(float* codebook, int tap, int entry)
        where TTaps : unmanaged, ICount =>
            tap < sizeof(TTaps)
                ? Vector256.Load(codebook + (tap * Avx2BytePlanes.Entries) + entry)
                : Vector256<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Table<TTaps>(
        float* x, Vector256<float> c0, Vector256<float> c1, Vector256<float> c2, Vector256<float> c3,
        Vector256<float> c4)
        where TTaps : unmanaged, ICount
    {
        Vector256<float> table = c0 * Vector256.Create(x[0]);
        table = sizeof(TTaps) > 1 ? Fma.MultiplyAdd(c1, Vector256.Create(x[1]), table) : table;
        table = sizeof(TTaps) > 2 ? Fma.MultiplyAdd(c2, Vector256.Create(x[2]), table) : table;
        table = sizeof(TTaps) > 3 ? Fma.MultiplyAdd(c3, Vector256.Create(x[3]), table) : table;
        return sizeof(TTaps) > 4 ? Fma.MultiplyAdd(c4, Vector256.Create(x[4]), table) : table;
    }
}
