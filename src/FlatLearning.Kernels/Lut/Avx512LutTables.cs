using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlatLearning.Kernels.Lut;

/// <summary>Tables of a row of x: all taps of an input fold into one, so that they cost nothing per column.</summary>
/// <typeparam name="TTaps">Taps of the codebook.</typeparam>
internal static unsafe class Avx512LutTables<TTaps>
    where TTaps : unmanaged, ICount
{
    /// <summary>Writes tables.</summary>
    /// <param name="codes">The codebook.</param>
    /// <param name="x">The inputs, multiplied by rho, followed by those behind them or zeros for the taps.</param>
    /// <param name="count">Tables.</param>
    /// <param name="tables">[count, 16].</param>
    public static void Write(Avx512LutCodes codes, float* x, int count, float* tables)
    {
        switch (codes.Bits)
        {
            case 4: OneInput(codes, x, count, tables); break;
            case 3: SideBySide(codes, x, count, tables); break;
            default: Digits(codes, x, count, tables); break;
        }
    }

    private static void OneInput(Avx512LutCodes codes, float* x, int count, float* tables)
    {
        fixed (float* codebook = codes.Codebook)
        {
            Vector512<float> c0 = Vector512.Load(codebook);
            Vector512<float> c1 = Tap(codebook, 1), c2 = Tap(codebook, 2), c3 = Tap(codebook, 3), c4 = Tap(codebook, 4);
            for (int i = 0; i < count; i++, x++, tables += Avx512LutCodes.Entries)
            {
                Table(x, c0, c1, c2, c3, c4).Store(tables);
            }
        }
    }

    // Two inputs of codes of 3 bits: in the lanes of the upper half the table of the second.
    private static void SideBySide(Avx512LutCodes codes, float* x, int count, float* tables)
    {
        Vector512<float> upper = Vector512.Create(Vector256<float>.Zero, Vector256<float>.AllBitsSet);
        fixed (float* codebook = codes.Codebook)
        {
            Vector512<float> c0 = Vector512.Load(codebook);
            Vector512<float> c1 = Tap(codebook, 1), c2 = Tap(codebook, 2), c3 = Tap(codebook, 3), c4 = Tap(codebook, 4);
            for (int i = 0; i < count; i++, x += 2, tables += Avx512LutCodes.Entries)
            {
                Vector512.ConditionalSelect(upper, Table(x + 1, c0, c1, c2, c3, c4), Table(x, c0, c1, c2, c3, c4))
                    .Store(tables);
            }
        }
    }

    // Two inputs of codes of 2 bits: all sums of an entry of the one and an entry of the other.
    private static void Digits(Avx512LutCodes codes, float* x, int count, float* tables)
    {
        fixed (float* codebook = codes.Codebook, secondCodebook = codes.SecondCodebook)
        {
            Vector512<float> c0 = Vector512.Load(codebook);
            Vector512<float> c1 = Tap(codebook, 1), c2 = Tap(codebook, 2), c3 = Tap(codebook, 3), c4 = Tap(codebook, 4);
            Vector512<float> d0 = Vector512.Load(secondCodebook);
            Vector512<float> d1 = Tap(secondCodebook, 1), d2 = Tap(secondCodebook, 2), d3 = Tap(secondCodebook, 3),
                d4 = Tap(secondCodebook, 4);
            for (int i = 0; i < count; i++, x += 2, tables += Avx512LutCodes.Entries)
            {
                (Table(x, c0, c1, c2, c3, c4) + Table(x + 1, d0, d1, d2, d3, d4)).Store(tables);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Tap(float* codebook, int tap) =>
        tap < sizeof(TTaps) ? Vector512.Load(codebook + (tap * Avx512LutCodes.Entries)) : Vector512<float>.Zero;

    // The codebook stays in registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Table(
        float* x, Vector512<float> c0, Vector512<float> c1, Vector512<float> c2, Vector512<float> c3,
        Vector512<float> c4)
    {
        Vector512<float> table = c0 * Vector512.Create(x[0]);
        table = sizeof(TTaps) > 1 ? Vector512.FusedMultiplyAdd(c1, Vector512.Create(x[1]), table) : table;
        table = sizeof(TTaps) > 2 ? Vector512.FusedMultiplyAdd(c2, Vector512.Create(x[2]), table) : table;
        table = sizeof(TTaps) > 3 ? Vector512.FusedMultiplyAdd(c3, Vector512.Create(x[3]), table) : table;
        return sizeof(TTaps) > 4 ? Vector512.FusedMultiplyAdd(c4, Vector512.Create(x[4]), table) : table;
    }
}
