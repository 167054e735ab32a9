using FlatLearning.Dyn;
using FlatLearning.Fitting.Codes;

namespace FlatLearning.Fitting.Bands;

/// <summary>Scales as bands store them: 8-bit logarithms where their range allows it, else 16 or 32 bits.</summary>
internal static class BandScales
{
    /// <summary>
    /// Octaves that a scale may lie below the largest of its side before it may be stored larger than it is.
    /// </summary>
    private const double Depth = 12;

    private static readonly double Reach = Math.Log2(LogScale.Largest);

    /// <summary>
    /// Rounds scales. A power of two may move from one side to the other; every product stays, but those of negligible
    /// scales, which grow.
    /// </summary>
    public static (ParameterTensor Row, ParameterTensor Column) Round(Scales scales, int rows)
    {
        double[] row = scales.Row ?? [.. Enumerable.Repeat(1.0, rows)];
        double[] column = scales.Column;
        (double rowLow, double rowHigh) = Range(row);
        (double columnLow, double columnHigh) = Range(column);

        // Columns times 2^e, rows times 2^-e: the largest of both must fit, the least ones should.
        double min = Math.Ceiling(rowHigh - Reach);
        double max = Math.Floor(Reach - columnHigh);
        if (!(min <= max))
        {
            return (Plain(row), Plain(column));
        }

        double shift = Math.Min(Math.Max(0, Math.Ceiling(-Reach - columnLow)), Math.Max(0, Math.Floor(Reach + rowLow)));
        shift = Math.Clamp(shift, min, max);
        if (columnLow + shift < -Reach - 1 || rowLow - shift < -Reach - 1)
        {
            return (Plain(row), Plain(column));
        }

        return (Logarithms(row, -(int)shift), Logarithms(column, (int)shift));
    }

    /// <summary>Scales of columns where rows have none.</summary>
    public static ParameterTensor RoundColumns(double[] column)
    {
        (double low, double high) = Range(column);
        return low >= -Reach && high <= Reach ? Logarithms(column, 0) : Plain(column);
    }

    private static (double Low, double High) Range(double[] values)
    {
        double high = values.Max();
        if (!(high > 0))
        {
            return (0, 0);
        }

        double low = values.Where(value => value > 0).Min();
        return (Math.Max(Math.Log2(low), Math.Log2(high) - Depth), Math.Log2(high));
    }

    private static ParameterTensor Logarithms(double[] values, int shift) => new(
        Array.ConvertAll(
            values,
            value => value > 0
                ? (float)Math.Clamp(Math.ScaleB(value, shift), LogScale.Smallest, LogScale.Largest)
                : 0f), [values.Length], ParameterType.Log8);

    private static ParameterTensor Plain(double[] values) =>
        ParameterTensor.Smallest(Array.ConvertAll(values, value => (float)value), values.Length);
}
