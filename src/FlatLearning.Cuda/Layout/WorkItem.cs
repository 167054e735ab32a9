using System.Runtime.InteropServices;

namespace FlatLearning.Cuda.Layout;

/// <summary>
/// What one block of a kernel multiplies: some steps of some tiles of a section. A section is rows of codes of one
/// width over neighbouring tiles of columns; 52 bytes, the same for the host and the device.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WorkItem
{
    /// <summary>Where the section's codes begin, in units of 16 bytes. Unit u of step s of tile t lies at
    /// ((s · b) + u) · <see cref="Tiles"/> + t behind it.</summary>
    public int Unit;

    /// <summary>Tiles of the section.</summary>
    public int Tiles;

    /// <summary>The first tile of the item.</summary>
    public int Tile;

    /// <summary>The first step of the item.</summary>
    public int Step;

    /// <summary>The step behind its last.</summary>
    public int EndStep;

    /// <summary>Rows of codes before the section's own, for taps that reach there.</summary>
    public int Halo;

    /// <summary>Rows of the section.</summary>
    public int Count;

    /// <summary>The place of x that the section's first row multiplies.</summary>
    public int Place;

    /// <summary>The first place of y of the section; column c of tile t is c · <see cref="Tiles"/> + t behind it.
    /// </summary>
    public int Output;

    /// <summary>The partial sum that the item writes.</summary>
    public int Slot;

    /// <summary>The tables of the section, [5, 2^b], in numbers.</summary>
    public int Table;

    /// <summary>For codes of 2 bits, the tables of pairs of rows, [6, 16].</summary>
    public int PairTable;

    /// <summary>Taps that the tables have.</summary>
    public int Taps;
}
