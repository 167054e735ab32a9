using FlatLearning.Dyn;
using FlatLearning.Fitting.Codes;

namespace FlatLearning.Fitting.Bands;

/// <summary>
/// The codebooks of bands: those for unit Gaussian values, which a model stores once for all weights, or tables of a weight's own where its values under their scales are
/// far from that and these pay.
/// </summary>
internal static class BandCodebooks
{
    /// <summary>Widths, widest first. Equal lists make equal structures, which share one function in the file.</summary>
    public static readonly int[] Widths = [6, 5, 4, 3, 2];

    private static readonly Dictionary<int, AdditiveTables> Common = Widths.ToDictionary(bits => bits, bits => Stored(StartTables.Get(bits, FitOptions.DefaultTaps(bits))));

    /// <summary>The common tables of a width, rounded as they are stored.</summary>
    public static AdditiveTables Tables(int bits) => Common[bits];

    /// <summary>Tables rounded as they are stored.</summary>
    public static AdditiveTables Stored(AdditiveTables tables) => new(tables.Bits, tables.Taps, Array.ConvertAll(tables.Values, value => (float)(Half)value));

    /// <summary>The codebook of stored tables.</summary>
    public static Codebook Book(AdditiveTables tables) =>
        new(new ParameterTensor(tables.Values, [tables.Taps, tables.Levels], ParameterType.Float16), tables.Bits, tables.Taps);
}
