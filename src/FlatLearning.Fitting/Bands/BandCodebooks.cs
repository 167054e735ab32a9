using FlatLearning.Dyn;
using FlatLearning.Fitting.Codes;

namespace FlatLearning.Fitting.Bands;

/// <summary>
/// The codebooks of bands: those for unit Gaussian values, which a model stores once for all weights, or tables of a
/// weight's own where its values under their scales are far from that and these pay.
/// </summary>
internal static class BandCodebooks
{
    /// <summary>
    /// Widths, widest first. Equal lists make equal structures, which share one function in the file.
    /// </summary>
    public static readonly int[] Widths = [6, 5, 4, 3, 2];

    /// <summary>
    /// What the first rows of a band lose beyond what later ones do, where taps have no codes to reach back to: in
    /// squares of their scales, summed over rows; on unit Gaussian values, with the common tables.
    /// </summary>
    public static readonly double[] StartLosses = [0.0015, 0.0058, 0.0429, 0.2468, 0.8048];

    /// <summary>
    /// Bytes of the tables of all widths, common or a weight's own: their numbers and storage are the same.
    /// </summary>
    public static readonly int TableBytes = Widths.Sum(BytesOf);

    private static readonly Dictionary<int, AdditiveTables> Common =
        Widths.ToDictionary(bits => bits, bits => Stored(StartTables.Get(bits, DefaultTaps.Of(bits))));

    /// <summary>Bytes of the tables of one width.</summary>
    public static int BytesOf(int bits) => sizeof(short) * (DefaultTaps.Of(bits) << bits);

    /// <summary>The common tables of a width, rounded as they are stored.</summary>
    public static AdditiveTables Tables(int bits) => Common[bits];

    /// <summary>Tables rounded as they are stored.</summary>
    public static AdditiveTables Stored(AdditiveTables tables) =>
        new(tables.Bits, tables.Taps, Array.ConvertAll(tables.Values, value => (float)(Half)value));

    /// <summary>The codebook of stored tables.</summary>
    public static Codebook Book(AdditiveTables tables) =>
        new(
            new ParameterTensor(tables.Values, [tables.Taps, tables.Levels], ParameterType.Float16),
            tables.Bits,
            tables.Taps);
}
