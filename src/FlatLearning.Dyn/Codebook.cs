namespace FlatLearning.Dyn;

/// <summary>
/// How codes become numbers: a sum of one table per tap, or one free table over a window of codes. Section "Codes" of
/// <c>schemas/DynMatMul.md</c>.
/// </summary>
public sealed class Codebook
{
    /// <summary>The largest number of taps.</summary>
    public const int MaxTaps = 5;

    /// <summary>The largest number of bits in the index of a window table.</summary>
    public const int MaxWindowBits = 12;

    /// <summary>
    /// Wraps a table. Throws <see cref="DynFormatException"/> when its shape does not follow from bits and taps.
    /// </summary>
    /// <param name="table">[taps, 2^bits] for a sum of tables, [2^(bits·taps)] for a window table.</param>
    /// <param name="bits">b: 2, 3, 4, 5, 6 or 8.</param>
    /// <param name="taps">1 to <see cref="MaxTaps"/>.</param>
    public Codebook(ParameterTensor table, int bits, int taps)
    {
        if (bits is not (2 or 3 or 4 or 5 or 6 or 8) || taps is < 1 or > MaxTaps)
        {
            throw new DynFormatException(
                $"a codebook has 2, 3, 4, 5, 6 or 8 bits and 1 to {MaxTaps} taps, found {bits} bits and {taps} taps");
        }

        int levels = 1 << bits;
        bool isSum = table.Shape.Length == 2 && table.Shape[0] == taps && table.Shape[1] == levels;
        bool isWindow = table.Shape.Length == 1 && bits * taps <= MaxWindowBits && table.Shape[0] == 1 << (bits * taps);
        if (!isSum && !isWindow)
        {
            throw new DynFormatException(
                $"codebook has the shape [{string.Join(", ", table.Shape)}], expected [{taps}, {levels}] or a "
                    + $"window table of 2^({bits}*{taps}) values, at most 2^{MaxWindowBits}");
        }

        (Table, Bits, Taps, IsWindow) = (table, bits, taps, isWindow);
    }

    /// <summary>The stored table.</summary>
    public ParameterTensor Table { get; }

    /// <summary>b.</summary>
    public int Bits { get; }

    /// <summary>T.</summary>
    public int Taps { get; }

    /// <summary>Whether the table is indexed by a window of codes instead of summed over taps.</summary>
    public bool IsWindow { get; }

    /// <summary>For example <c>codes 4 bits, 3 taps</c>.</summary>
    public static string Describe(int bits, int taps) => $"codes {bits} bits, {(taps == 1 ? "1 tap" : $"{taps} taps")}";

    /// <summary>For example <c>codes 4 bits, 3 taps</c> or <c>codes 2 bits, window of 5</c>.</summary>
    public string Describe() => IsWindow ? $"codes {Bits} bits, window of {Taps}" : Describe(Bits, Taps);

    /// <summary>2^b.</summary>
    public int Levels => 1 << Bits;
}
