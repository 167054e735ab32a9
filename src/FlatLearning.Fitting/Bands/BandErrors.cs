using FlatLearning.Fitting.Codes;

namespace FlatLearning.Fitting.Bands;

/// <summary>What each width of <see cref="BandCodebooks.Widths"/> loses on a weight, and with which tables.</summary>
/// <param name="Shares">
/// Squared error over the squares of the scales, both weighted by H, for each width, in each of the regions of
/// <see cref="Region"/>: strong rows and columns often have values of another distribution than weak ones, and it is
/// they that get the wide codes.
/// </param>
/// <param name="Own">Tables of the weight's own, one per width; null for the common ones, which a model stores
/// once.</param>
internal sealed record BandErrors(double[][] Shares, IReadOnlyList<AdditiveTables>? Own)
{
    /// <summary>Quarters of the rows, by place.</summary>
    public const int RowRegions = 4;

    /// <summary>Halves of the columns, by place.</summary>
    public const int ColumnRegions = 2;

    /// <summary>The region of a place of rows and one of columns.</summary>
    public static int Region(int row, int rows, int column, int columns) =>
        ((int)((long)row * RowRegions / rows) * ColumnRegions) + (int)((long)column * ColumnRegions / columns);
}
