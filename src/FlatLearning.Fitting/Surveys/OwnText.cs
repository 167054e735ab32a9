using FlatLearning.Dyn;
using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Fitting.Surveys;

/// <summary>What our own representations are called in tables, and how many numbers they store.</summary>
internal static class OwnText
{
    /// <summary>Codes of several widths.</summary>
    public const string Bands = "codes in bands";

    /// <summary>A metric's name as the publications write it.</summary>
    public static string Metric(string kind) => kind switch
    {
        MetricKinds.Riem => "RieM",
        MetricKinds.DynL1 => "DyN-L1",
        MetricKinds.DynL2 => "DyN-L2",
        MetricKinds.DynInverseL2 => "DyN-1/L2",
        _ => kind,
    };

    /// <summary>For example "RieM d 5 R 6 M 14 s 8 + codes 3 bits, 4 taps".</summary>
    public static string Of(DynWeight weight)
    {
        string metric = weight.Metric is not { } m ? string.Empty
            : $"{Metric(m.Kind)} d {m.StateDim}{(m.Shifts > 0 ? $" R {m.Shifts} M {m.Width}" : $" H {m.Heads}")} s "
                + $"{m.States.Bits}";
        string codes = weight.Bands is not null
            ? Bands
            : weight.Codebook is not { } c
            ? string.Empty
            : Codes(c.Bits, c.Taps);
        return metric.Length > 0 && codes.Length > 0 ? $"{metric} + {codes}" : metric + codes;
    }

    /// <summary>For example "codes 4 bits, 3 taps".</summary>
    public static string Codes(int bits, int taps) => $"codes {bits} bits, {(taps == 1 ? "1 tap" : $"{taps} taps")}";

    /// <summary>Codes, states, ranges, parameters, scales and codebook entries.</summary>
    public static long Parameters(DynWeight weight)
    {
        long count = weight.Codes is null ? 0 : (long)weight.Rows * weight.Columns;
        count += (weight.Codebook?.Table.Values.Length ?? 0) + (weight.RowScale?.Values.Length ?? 0)
            + (weight.ColumnScale?.Values.Length ?? 0);
        if (weight.Bands is { } bands)
        {
            count +=
                bands.Bands.Sum(band => (long)band.Rows * bands.GroupWidth) + bands.TableLength + bands.Starts.Length;
        }

        if (weight.Metric is { } metric)
        {
            count += ((long)metric.States.Coordinates * (weight.Rows + weight.Columns))
                + metric.States.Range.Values.Length + metric.Parameters.Values.Length;
        }

        return count;
    }
}
