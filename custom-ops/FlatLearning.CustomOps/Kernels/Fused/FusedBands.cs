using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;

namespace FlatLearning.CustomOps.Kernels.Fused;

/// <summary>The columns of every band of codes of several widths.</summary>
internal sealed class FusedBands
{
    private readonly FusedColumns?[] _columns;

    private FusedBands(BandedCodes bands, FusedColumns?[] columns) => (Bands, _columns) = (bands, columns);

    /// <summary>The codes.</summary>
    public BandedCodes Bands { get; }

    /// <summary>
    /// The most rows that are multiplied this way: more are multiplied faster with panels that are decoded once. Per register of codes, fused products of one and four rows with two taps take 60 and 110 us
    /// for 3 bits and 1,024 x 1,024 weights, panels 113 and 135; with four taps 128 and 157, and 144 and 168.
    /// </summary>
    public static int MostRows => 4;

    /// <summary>The columns of a band that has codes.</summary>
    public FusedColumns Columns(int band) => _columns[band]!;

    /// <summary>The bands of a weight in the order of its scales, or null where one of them or the processor does not suit.</summary>
    public static FusedBands? TryCreate(DynWeight weight)
    {
        if (!Avx512F.IsSupported || weight.Metric is not null || weight.Bands is not { } bands)
        {
            return null;
        }

        FusedColumns?[] columns = [.. bands.Bands.Select(band => band.Codes is null ? null : FusedColumns.TryCreate(band.Codes, band.Codebook))];
        return bands.Bands.Where((band, i) => band.Codes is not null && columns[i] is null).Any() ? null : new FusedBands(bands, columns);
    }
}
