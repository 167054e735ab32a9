using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Terms;
using FlatLearning.Fitting.Bands;

namespace FlatLearning.Fitting.Codes;

/// <summary>
/// Scales and codebook as they will be stored. The magnitude of a weight is moved, by powers of two, between codebook,
/// columns and rows such that as many of them as possible fit 16 bits.
/// </summary>
internal sealed class StoredNumbers
{
    /// <summary>Scales are kept this far inside the normal range of float16, 2^-14 to 2^16.</summary>
    private const int LowestExponent = -13;

    private const int HighestExponent = 15;

    /// <summary>
    /// Below this maximum the codebook's small values would suffer from float16's fixed step of 2^-24 near zero.
    /// </summary>
    private const double MinCodebookMaximum = 1.0 / 16;

    private const double MaxCodebookMaximum = 32768;

    private readonly AdditiveTables _tables;

    /// <summary>The stored codebook is the fitted one times two to this power.</summary>
    private readonly int _exponent;

    private StoredNumbers(
        ParameterTensor? row, ParameterTensor column, ParameterTensor codebook, AdditiveTables tables, int exponent) =>
        (Row, Column, Codebook, _tables, _exponent) = (row, column, codebook, tables, exponent);

    public ParameterTensor? Row { get; }

    public ParameterTensor Column { get; }

    public ParameterTensor Codebook { get; }

    /// <summary>Scales and codebook for a weight without a metric.</summary>
    public static StoredNumbers Round(Scales scales, AdditiveTables tables)
    {
        // What one part cannot hold goes to the next: rows, then columns, then the codebook, last of all into 32 bits.
        int carry = 0;
        ParameterTensor? row = scales.Row is null ? null : Shifted(scales.Row, ref carry);
        ParameterTensor column = Shifted(scales.Column, ref carry);
        return new StoredNumbers(
            row,
            column,
            Book(tables, Array.ConvertAll(tables.Values, value => (float)Math.ScaleB(value, carry))),
            tables,
            carry);
    }

    /// <summary>Scales as 8-bit logarithms where their range allows it, and the common codebook.</summary>
    public static StoredNumbers RoundCompact(Scales scales, AdditiveTables tables)
    {
        (ParameterTensor? row, ParameterTensor column) = scales.Row is null
            ? (null, BandScales.RoundColumns(scales.Column))
            : BandScales.Round(scales, scales.Row.Length);
        return new StoredNumbers(
            row, column, new ParameterTensor(tables.Values, [tables.Taps, tables.Levels], ParameterType.Float16),
            tables,
            0);
    }

    /// <summary>
    /// Scales and codebook beside a metric, which has its units fixed: nothing can move, and what does not fit 16 bits
    /// takes 32.
    /// </summary>
    public static StoredNumbers RoundInPlace(Scales scales, AdditiveTables tables) => new(
        scales.Row is null
            ? null
            : ParameterTensor.Smallest(Array.ConvertAll(scales.Row, scale => (float)scale), scales.Row.Length),
        ParameterTensor.Smallest(Array.ConvertAll(scales.Column, scale => (float)scale), scales.Column.Length),
        Book(tables, tables.Values),
        tables,
        0);

    /// <summary>
    /// The stored scales, with the codebook's power of two in the columns: codes are sought near magnitude 1, where
    /// float32 cannot overflow.
    /// </summary>
    public Scales ExactScales() => new(
        Row is null ? null : Array.ConvertAll(Row.Values, value => (double)value),
        Array.ConvertAll(Column.Values, value => Math.ScaleB(value, _exponent)));

    /// <summary>The stored tables without their power of two.</summary>
    public AdditiveTables ExactTables() =>
        new(
            _tables.Bits,
            _tables.Taps,
            Array.ConvertAll(Codebook.Values, value => (float)Math.ScaleB(value, -_exponent)));

    /// <summary>The weight of some codes under these numbers, behind a metric or none.</summary>
    public DynWeight Weight(PackedCodes codes, Metric? metric)
    {
        Codebook codebook = new(Codebook, _tables.Bits, _tables.Taps);
        return new DynWeight(
            codes.Layout.Rows, codes.Layout.Columns, Row, Column, new UniformCodes(codes, codebook).Behind(metric));
    }

    private static ParameterTensor Book(AdditiveTables tables, float[] values)
    {
        double largest = values.Max(MathF.Abs);
        bool fits = largest == 0 || largest is >= MinCodebookMaximum and <= MaxCodebookMaximum;
        return new ParameterTensor(
            values, [tables.Taps, tables.Levels], fits ? ParameterType.Float16 : ParameterType.Float32);
    }

    /// <summary>
    /// Takes over as much of 2^carry as the range of float16 allows, and gives back what the values exceed it by.
    /// </summary>
    private static ParameterTensor Shifted(double[] scales, ref int carry)
    {
        (int low, int high) = (int.MaxValue, int.MinValue);
        foreach (double scale in scales)
        {
            if (scale > 0)
            {
                low = Math.Min(low, Math.ILogB(scale));
                high = Math.Max(high, Math.ILogB(scale) + 1);
            }
        }

        int shift = low > high ? 0 : high - low > HighestExponent - LowestExponent
            ? -((low + high) / 2)
            : Math.Clamp(carry, LowestExponent - low, HighestExponent - high);
        int taken = shift;
        carry -= taken;
        return ParameterTensor.Smallest(
            Array.ConvertAll(scales, scale => (float)Math.ScaleB(scale, taken)), scales.Length);
    }
}
