namespace FlatLearning.Kernels.Float64;

/// <summary>
/// How a product is cut into independent items: one column group times one block of rows. The cut depends on the shapes
/// alone, never on the number of threads, and one item adds up each of its sums from the first input to the last; so
/// results are the same bit for bit however many threads there are.
/// </summary>
internal readonly struct Float64Grid
{
    // Decoding is done once per block of rows: 256 rows make it cheap beside the product, and their sums for 128
    // columns (128 KB) still fit the second-level cache.
    private const int MaxRows = 256;

    // Enough items for the threads of a workstation, as long as blocks keep some rows to share a decoded tile.
    private const int WantedItems = 16;
    private const int MinRows = 32;

    /// <summary>Cuts rows x groups.</summary>
    public Float64Grid(long rows, int groups)
    {
        long blocks =
            Math.Max(Ceiling(rows, MaxRows), Math.Min(Ceiling(rows, MinRows), Ceiling(WantedItems, groups)));

        // Whole micro-kernel blocks of four rows.
        BlockRows = (int)(Ceiling(Ceiling(rows, blocks), 4) * 4);
        Rows = rows;
        Groups = groups;
        Items = checked((int)(Ceiling(rows, BlockRows) * groups));
    }

    /// <summary>Rows of x in all.</summary>
    public long Rows { get; }

    /// <summary>Column groups.</summary>
    public int Groups { get; }

    /// <summary>Rows of a block; the last may have fewer.</summary>
    public int BlockRows { get; }

    /// <summary>Items.</summary>
    public int Items { get; }

    /// <summary>The column group of an item: neighbours share a block of rows.</summary>
    public int GroupOf(int item) => item % Groups;

    /// <summary>The first row of an item.</summary>
    public long FirstRowOf(int item) => (long)(item / Groups) * BlockRows;

    /// <summary>The rows of an item.</summary>
    public int RowsOf(int item) => (int)Math.Min(BlockRows, Rows - FirstRowOf(item));

    private static long Ceiling(long a, long b) => (a + b - 1) / b;
}
