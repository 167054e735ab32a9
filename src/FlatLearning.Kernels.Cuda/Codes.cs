using System.Runtime.CompilerServices;

namespace FlatLearning.Kernels.Cuda;

/// <summary>
/// The 32 codes of a row of a tile, out of as many words as a code has bits: code c begins at bit c · b. Each of the
/// eight words that come out has four of them in its low bits; those above are the ones of other codes.
/// </summary>
internal static class Codes
{
    /// <summary>Codes of 3 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CodeWords Row3(uint a, uint b, uint c)
    {
        CodeWords row;
        row.A = a;
        row.B = a >> 12;
        row.C = Across(a, b, 24);
        row.D = b >> 4;
        row.E = b >> 16;
        row.F = Across(b, c, 28);
        row.G = c >> 8;
        row.H = c >> 20;
        return row;
    }

    /// <summary>Codes of 4 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CodeWords Row4(uint a, uint b, uint c, uint d)
    {
        CodeWords row;
        row.A = a;
        row.B = a >> 16;
        row.C = b;
        row.D = b >> 16;
        row.E = c;
        row.F = c >> 16;
        row.G = d;
        row.H = d >> 16;
        return row;
    }

    /// <summary>Codes of 5 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CodeWords Row5(uint a, uint b, uint c, uint d, uint e)
    {
        CodeWords row;
        row.A = a;
        row.B = Across(a, b, 20);
        row.C = b >> 8;
        row.D = Across(b, c, 28);
        row.E = Across(c, d, 16);
        row.F = d >> 4;
        row.G = Across(d, e, 24);
        row.H = e >> 12;
        return row;
    }

    /// <summary>Codes of 6 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CodeWords Row6(uint a, uint b, uint c, uint d, uint e, uint f)
    {
        CodeWords row;
        row.A = a;
        row.B = Across(a, b, 24);
        row.C = Across(b, c, 16);
        row.D = c >> 8;
        row.E = d;
        row.F = Across(d, e, 24);
        row.G = Across(e, f, 16);
        row.H = f >> 8;
        return row;
    }

    // The bits of two words from a place on, 1 to 31.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Across(uint low, uint high, int at) => (low >> at) | (high << (32 - at));
}
