using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Codes;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>
/// Codes of several widths as the kernels in 512-bit registers read them. Immutable.
/// </summary>
internal sealed class Avx512MixedCodes
{
    private readonly Avx512MixedBand?[] _lookUps;
    private readonly CodeRowsDecoder?[] _decoders;

    /// <summary>Prepares codes.</summary>
    public Avx512MixedCodes(BandedCodes codes)
    {
        Codes = codes;
        _lookUps = [.. codes.Bands.Select(Avx512MixedBand.TryCreate)];
        _decoders = [
            .. codes.Bands.Select(
                (band, i) => _lookUps[i] is null && TableCodes.Of(band) is { } table
                    ? new CodeRowsDecoder(table, null, SimdWidth.Widest)
                    : null)];
        ScratchBytes = _decoders.Max(decoder => decoder?.ScratchBytes ?? 0);
    }

    /// <summary>The codes, sections and all.</summary>
    public BandedCodes Codes { get; }

    /// <summary>Blocks of 64 columns of a group.</summary>
    public int BlocksOfGroup =>
        (Math.Min(Codes.GroupWidth, Codes.Columns) + Avx512MixedBand.Block - 1) / Avx512MixedBand.Block;

    /// <summary>Bytes of temporary memory that <see cref="Decoder"/> wants.</summary>
    public int ScratchBytes { get; }

    /// <summary>How a band is looked up, or null where its codes are too wide.</summary>
    public Avx512MixedBand? LookUp(int band) => _lookUps[band];

    /// <summary>Decodes a band that is not looked up.</summary>
    public CodeRowsDecoder Decoder(int band) => _decoders[band]!;
}
