using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;

namespace FlatLearning.Kernels.Codes;

/// <summary>Codes of one width that go through a sum of tables: what the kernels of codes read. Immutable.</summary>
/// <param name="packed">The codes, in place.</param>
/// <param name="codebook">No window table.</param>
internal sealed class TableCodes(PackedCodes packed, Codebook codebook)
{
    /// <summary>The codes.</summary>
    public PackedCodes Packed => packed;

    /// <summary>How they lie.</summary>
    public CodeLayout Layout => packed.Layout;

    /// <summary>Their tables.</summary>
    public CodeTable Table { get; } = new(codebook);

    /// <summary>b.</summary>
    public int Bits => Table.Bits;

    /// <summary>T.</summary>
    public int Taps => Table.Taps;

    /// <summary>The codes of a band, or null where it has none.</summary>
    public static TableCodes? Of(CodeBand band) =>
        band.Codes is { } codes ? new TableCodes(codes, band.Codebook) : null;
}
