using FlatLearning.Dyn.Layout;

namespace FlatLearning.Dyn.Decoding;

/// <summary>One packed matrix under one codebook.</summary>
/// <param name="codes">The codes.</param>
/// <param name="codebook">Their codebook.</param>
internal sealed class PackedCodeTables(PackedCodes codes, Codebook codebook) : ICodeTables
{
    private readonly CodebookTable _table = new(codebook);

    /// <inheritdoc/>
    public CodeRows Rows(int group, int row, out int count)
    {
        count = codes.Layout.Rows - row;
        return new CodeRows(codes, _table, group, row);
    }
}
