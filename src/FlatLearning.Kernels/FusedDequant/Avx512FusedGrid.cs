using FlatLearning.Kernels.DequantGemm;

namespace FlatLearning.Kernels.FusedDequant;

/// <summary>
/// How a product of a few rows is cut into items, by the shapes alone; see <see cref="PanelGrid"/>.
/// </summary>
internal readonly struct Avx512FusedGrid
{
    // Enough items for the threads of a workstation; more of them are whole groups, whose parts share cache lines.
    private const int WantedItems = 16;

    // A shorter item (some microseconds) is not worth the hand-over to another thread. Decoding costs as much as two
    // rows.
    private const long MinProducts = 200_000;
    private const int DecodingRows = 2;

    /// <summary>Cuts the columns.</summary>
    /// <param name="rows">Rows of x.</param>
    /// <param name="inputs">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="groups">Column groups.</param>
    /// <param name="partsOfGroup">Parts of a group.</param>
    public Avx512FusedGrid(int rows, int inputs, int columns, int groups, int partsOfGroup)
    {
        long parts = (long)groups * partsOfGroup;
        long products = Math.Max(1, (long)inputs * columns * (rows + DecodingRows) / parts);
        long wanted = Math.Max(groups >= WantedItems ? partsOfGroup : 1, (MinProducts + products - 1) / products);
        ItemParts = (int)Math.Min(parts, wanted);
        Items = checked((int)((parts + ItemParts - 1) / ItemParts));
    }

    /// <summary>Parts of an item; the last may have fewer.</summary>
    public int ItemParts { get; }

    /// <summary>Items.</summary>
    public int Items { get; }
}
