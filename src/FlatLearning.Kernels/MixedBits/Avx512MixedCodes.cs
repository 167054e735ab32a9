using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Codes;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>
/// What the products of a weight with bands of codes and without a metric need, in the order of the scales. Immutable.
/// </summary>
internal sealed class Avx512MixedCodes
{
    /// <summary>
    /// The most rows that are multiplied by look-up, a pass over the codes each; blocks are decoded once for all. 1,024
    /// x 1,024 weights of 4 bits on average in cache, one core: two rows 58 us and 74, three 85 and 83.
    /// </summary>
    public const int MaxRows = 2;

    private readonly Avx512MixedBand?[] _lookUps;
    private readonly CodeRowsDecoder?[] _decoders;

    private Avx512MixedCodes(BandedCodes codes)
    {
        Codes = codes;
        _lookUps = [.. codes.Bands.Select(Avx512MixedBand.TryCreate)];
        _decoders = [
            .. codes.Bands.Select(
                (band, i) => band.Codes is null || _lookUps[i] is not null
                    ? null
                    : new CodeRowsDecoder(band.Codes, band.Codebook, null))];
        ScratchBytes = _decoders.Max(decoder => decoder?.ScratchBytes ?? 0);
    }

    /// <summary>The codes, sections and all.</summary>
    public BandedCodes Codes { get; }

    /// <summary>Blocks of 64 columns of a group.</summary>
    public int BlocksOfGroup =>
        (Math.Min(Codes.GroupWidth, Codes.Columns) + Avx512MixedBand.Block - 1) / Avx512MixedBand.Block;

    /// <summary>Bytes of temporary memory that <see cref="Decoder"/> wants.</summary>
    public int ScratchBytes { get; }

    /// <summary>The weight, or null where it has no bands, or a metric, or the processor does not suit.</summary>
    public static Avx512MixedCodes? TryCreate(DynWeight weight) =>
        Avx512DQ.IsSupported && weight.Metric is null && weight.Bands is { } codes ? new Avx512MixedCodes(codes) : null;

    /// <summary>How a band is looked up, or null where its codes are too wide.</summary>
    public Avx512MixedBand? LookUp(int band) => _lookUps[band];

    /// <summary>Decodes a band that is not looked up.</summary>
    public CodeRowsDecoder Decoder(int band) => _decoders[band]!;
}
