namespace FlatLearning.Cuda.Layout;

/// <summary>Rows of codes of one width over neighbouring columns, as they lie on the device.</summary>
/// <param name="Bits">Bits of a code; <see cref="KernelShape.DenseBits"/> for none.</param>
/// <param name="Taps">Taps of its tables.</param>
/// <param name="Unit">Where its codes begin, in units of 16 bytes.</param>
/// <param name="Tiles">Tiles of 32 columns.</param>
/// <param name="Halo">Rows before its own, for taps that reach there.</param>
/// <param name="Count">Its own rows.</param>
/// <param name="Place">The place of x that the first of them multiplies.</param>
/// <param name="Output">Its first place of y.</param>
/// <param name="Table">Its tables, in numbers.</param>
/// <param name="PairTable">Its tables of pairs of rows; 0 where there are none.</param>
/// <param name="Group">Sections of one group add to the same places of y.</param>
internal sealed record CodeSection(
    int Bits, int Taps, int Unit, int Tiles, int Halo, int Count, int Place, int Output, int Table, int PairTable,
    int Group)
{
    /// <summary>Steps of four rows.</summary>
    public int Steps => (Halo + Count + KernelShape.StepRows - 1) / KernelShape.StepRows;

    /// <summary>Units of 16 bytes that its codes take.</summary>
    public long Units => UnitsOf(Steps, Bits, Tiles);

    /// <summary>Units of 16 bytes for so many steps.</summary>
    public static long UnitsOf(int steps, int bits, int tiles) => (long)steps * bits * tiles;
}
