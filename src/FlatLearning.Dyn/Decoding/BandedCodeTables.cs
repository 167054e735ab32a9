using FlatLearning.Dyn.Layout;

namespace FlatLearning.Dyn.Decoding;

/// <summary>Codes in bands, each with a codebook of its own.</summary>
/// <param name="codes">The codes.</param>
internal sealed class BandedCodeTables(BandedCodes codes) : ICodeTables
{
    private readonly CodebookTable[] _tables = [.. codes.Bands.Select(band => new CodebookTable(band.Codebook))];

    /// <inheritdoc/>
    public CodeRows Rows(int group, int row, out int count)
    {
        foreach (BandSection section in codes.Sections(group))
        {
            if (row < section.EndRow)
            {
                count = section.EndRow - row;
                return new CodeRows(
                    codes.Bands[section.Band].Codes, _tables[section.Band], 0,
                    section.Position + row - section.FirstRow);
            }
        }

        count = codes.Rows - row;
        return default;
    }
}
