using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.Lut;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>Codes of several widths for look-ups in 256-bit registers. Immutable.</summary>
internal sealed class Avx2MixedCodes
{
    private readonly Avx2LutCodes?[] _bands;

    private Avx2MixedCodes(BandedCodes codes)
    {
        Codes = codes;
        _bands = [
            .. codes.Bands.Select(band => TableCodes.Of(band) is { } table ? Avx2LutCodes.TryCreate(table) : null)];
        BlocksOfGroup = (codes.GroupWidth + Avx2BytePlanes.Block - 1) / Avx2BytePlanes.Block;
        TableBytes = _bands.Max(band => band?.TableBytes ?? 0);
        IsComplete = _bands.Zip(codes.Bands).All(pair => pair.First is not null || pair.Second.Codes is null);
    }

    /// <summary>The codes, sections and all.</summary>
    public BandedCodes Codes { get; }

    /// <summary>Blocks of 32 columns of a group.</summary>
    public int BlocksOfGroup { get; }

    /// <summary>Bytes of the longest table of an input.</summary>
    public int TableBytes { get; }

    /// <summary>Whether all bands can be looked up: none has 8 bits.</summary>
    public bool IsComplete { get; }

    /// <summary>The bands, or null where the processor does not suit.</summary>
    public static Avx2MixedCodes? TryCreate(BandedCodes codes)
    {
        if (!Avx2.IsSupported || (Avx512BW.IsSupported && !KernelChoice.IsOpen))
        {
            return null;
        }

        return new Avx2MixedCodes(codes);
    }

    /// <summary>A band's codes, or null where it has none or they are too wide.</summary>
    public Avx2LutCodes? Band(int band) => _bands[band];

    /// <summary>The section of a band in a group; one of no rows where the group does not use the band.</summary>
    public BandSection Section(int group, int band)
    {
        foreach (BandSection section in Codes.Sections(group))
        {
            if (section.Band == band)
            {
                return section;
            }
        }

        return default;
    }
}
