using FlatLearning.Dyn;

namespace FlatLearning.Fitting.Codes;

/// <summary>
/// Scales and codebook as they will be stored. The magnitude of a weight is moved, by powers of two, between codebook, columns and
/// rows such that as many of them as possible fit 16 bits.
/// </summary>
internal sealed class StoredNumbers
{
    /// <summary>Scales are kept this far inside the normal range of float16, 2^-14 to 2^16.</summary>
    private const int LowestExponent = -13;

    private const int HighestExponent = 15;

    /// <summary>Below this maximum the codebook's small values would suffer from float16's fixed step of 2^-24 near zero.</summary>
    private const double LeastCodebookMaximum = 1.0 / 16;

    private const double MostCodebookMaximum = 32768;

    private StoredNumbers(ParameterTensor? row, ParameterTensor column, ParameterTensor codebook, int bits, int taps) =>
        (Row, Column, Codebook, Bits, Taps) = (row, column, codebook, bits, taps);

    public ParameterTensor? Row { get; }

    public ParameterTensor Column { get; }

    public ParameterTensor Codebook { get; }

    private int Bits { get; }

    private int Taps { get; }

    public static StoredNumbers Round(Scales scales, AdditiveTables tables)
    {
        // What one part cannot hold goes to the next: rows, then columns, then the codebook, last of all into 32 bits.
        int carry = 0;
        ParameterTensor? row = scales.Row is null ? null : Shifted(scales.Row, ref carry);
        ParameterTensor column = Shifted(scales.Column, ref carry);
        double largest = tables.Values.Max(MathF.Abs) * Math.ScaleB(1, carry);
        bool fits = largest == 0 || largest is >= LeastCodebookMaximum and <= MostCodebookMaximum;
        float[] values = Array.ConvertAll(tables.Values, value => (float)Math.ScaleB(value, carry));
        ParameterTensor codebook = new(values, [tables.Taps, tables.Levels], fits ? ParameterType.Float16 : ParameterType.Float32);
        return new StoredNumbers(row, column, codebook, tables.Bits, tables.Taps);
    }

    public Scales ExactScales() =>
        new(Row is null ? null : Array.ConvertAll(Row.Values, value => (double)value), Array.ConvertAll(Column.Values, value => (double)value));

    public AdditiveTables ExactTables() => new(Bits, Taps, Codebook.Values);

    /// <summary>Takes over as much of 2^carry as the range of float16 allows, and gives back what the values exceed it by.</summary>
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
        return ParameterTensor.Smallest(Array.ConvertAll(scales, scale => (float)Math.ScaleB(scale, taken)), scales.Length);
    }
}
