namespace FlatLearning.Kernels.DequantGemm;

/// <summary>
/// How a product is cut into independent items: some parts of the columns times one block of rows. The cut depends on
/// the shapes alone, never on the number of threads, and one item adds up each of its sums from the first input to the
/// last; so results are the same bit for bit however many threads there are.
/// </summary>
internal readonly struct PanelGrid
{
    // Decoding is done once per block of rows: 256 rows make it cheap beside the product, and their sums (64 KB) stay
    // in the second-level cache.
    private const int MaxRows = 256;

    // Enough items for the threads of a workstation, as long as blocks keep some rows to share a decoded panel.
    private const int WantedItems = 16;
    private const int MinRows = 32;

    // An item shorter than this (two microseconds) is not worth the hand-over to another thread.
    private const long MinProducts = 256 * 1024;

    // Tiles of six rows are the fastest.
    private const int TileRows = 6;

    /// <summary>Cuts rows x parts.</summary>
    /// <param name="rows">Rows of x.</param>
    /// <param name="inputs">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="parts">Parts of the columns.</param>
    public PanelGrid(long rows, long inputs, long columns, int parts)
    {
        (Rows, Parts) = (rows, parts);
        long products = rows * inputs * columns;
        if (rows <= MaxRows && products <= MinProducts)
        {
            (BlockRows, ItemParts, ItemsOfBlock, Items) = ((int)rows, parts, 1, 1);
            return;
        }

        long wanted = Math.Min(WantedItems, Math.Max(1, products / MinProducts));
        long blocks = Math.Max(Ceiling(rows, MaxRows), Math.Min(Ceiling(rows, MinRows), Ceiling(wanted, parts)));
        BlockRows = blocks == 1 ? (int)rows : (int)(Ceiling(Ceiling(rows, blocks), TileRows) * TileRows);
        ItemParts = (int)Math.Min(parts, Ceiling(MinProducts, Math.Max(1, inputs * BlockRows * columns / parts)));
        ItemsOfBlock = (int)Ceiling(parts, ItemParts);
        Items = checked((int)(Ceiling(rows, BlockRows) * ItemsOfBlock));
    }

    /// <summary>Rows of x in all.</summary>
    public long Rows { get; }

    /// <summary>Rows of a block; the last may have fewer.</summary>
    public int BlockRows { get; }

    /// <summary>Parts of the columns.</summary>
    public int Parts { get; }

    /// <summary>Parts of an item; the last of a block of rows may have fewer.</summary>
    public int ItemParts { get; }

    /// <summary>Items per block of rows.</summary>
    public int ItemsOfBlock { get; }

    /// <summary>Items.</summary>
    public int Items { get; }

    private static long Ceiling(long a, long b) => (a + b - 1) / b;
}
