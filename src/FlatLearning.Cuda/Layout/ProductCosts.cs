namespace FlatLearning.Cuda.Layout;

/// <summary>
/// Issue slots that a weight takes, by the instructions of the kernels' main loops (docs/cuda.md): what kernels are
/// chosen by.
/// </summary>
internal static class ProductCosts
{
    private const double Dense = 2;

    // Of a code that is decoded and multiplied by eight rows of x, and for each of its taps.
    private const double Tile = 9;
    private const double Tap = 4;

    /// <summary>Whether the narrow kernel takes a section.</summary>
    public static bool IsNarrow(CodeSection section) =>
        KernelShape.NarrowTiles(section.Bits) > 0 && NarrowCost(section) < WideCost(section);

    /// <summary>Up to how many rows of x looking up takes fewer slots than decoding; 1 at least.</summary>
    public static int MaxLookUpRows(CodeSection section)
    {
        double cost = IsNarrow(section) ? NarrowCost(section) : WideCost(section);
        double tile = (section.Bits == KernelShape.DenseBits ? Tile : Tile + (Tap * section.Taps))
            * Padding(section, KernelShape.BlockTiles);
        return (int)Math.Clamp(tile / cost, 1, KernelShape.FewRows);
    }

    // Codes that are looked up for one row of x, several lanes to a tile.
    private static double NarrowCost(CodeSection section) => section.Bits switch
    {
        2 => 3.6,
        3 => 6.6,
        4 => 5.6,
        5 => 10.1,
        _ => 15.4,
    } * Padding(section, KernelShape.NarrowTiles(section.Bits));

    // The same with a tile for each lane.
    private static double WideCost(CodeSection section) => section.Bits switch
    {
        2 => 2,
        6 => 7.9,

        // Looked up tap by tap.
        8 => Tap * section.Taps,
        KernelShape.DenseBits => Dense,
        _ => 3.7,
    } * Padding(section, KernelShape.TableLanes(section.Bits));

    // What lanes without a tile cost those that have one.
    private static double Padding(CodeSection section, int tiles) =>
        (double)((section.Tiles + tiles - 1) / tiles * tiles) / section.Tiles;
}
