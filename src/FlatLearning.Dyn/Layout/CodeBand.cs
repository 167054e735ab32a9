namespace FlatLearning.Dyn.Layout;

/// <summary>
/// All codes of one width of a <see cref="BandedCodes"/>: the sections of the first column group, then of the next, as
/// one matrix of a single group.
/// </summary>
/// <param name="Codebook">A sum of tables.</param>
/// <param name="Codes">[P, g], one group; null where no section uses the band.</param>
public sealed record CodeBand(Codebook Codebook, PackedCodes? Codes)
{
    /// <summary>P.</summary>
    public int Rows => Codes?.Layout.Rows ?? 0;
}
