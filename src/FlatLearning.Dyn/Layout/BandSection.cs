namespace FlatLearning.Dyn.Layout;

/// <summary>Rows of one column group whose codes have one width.</summary>
/// <param name="Band">Which band the codes lie in.</param>
/// <param name="FirstRow">The first row of the section.</param>
/// <param name="Rows">Rows, 1 or more.</param>
/// <param name="Position">Where the section begins in its band, in rows.</param>
public readonly record struct BandSection(int Band, int FirstRow, int Rows, int Position)
{
    /// <summary>The row after the last.</summary>
    public int EndRow => FirstRow + Rows;
}
