using FlatLearning.Dyn;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Terms;

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
        string metric = weight.Find<MetricTerm>()?.Metric is not { } m ? string.Empty
            : $"{Metric(m.Kind)} d {m.StateDim}{(m.Shifts > 0 ? $" R {m.Shifts} M {m.Width}" : $" H {m.Heads}")} s "
                + $"{m.States.Bits}";
        string codes = weight.Find<MixedCodes>() is not null
            ? Bands
            : weight.Find<UniformCodes>()?.Codebook is not { } c
            ? string.Empty
            : Codes(c.Bits, c.Taps);
        return metric.Length > 0 && codes.Length > 0 ? $"{metric} + {codes}" : metric + codes;
    }

    /// <summary>For example "codes 4 bits, 3 taps".</summary>
    public static string Codes(int bits, int taps) => $"codes {bits} bits, {(taps == 1 ? "1 tap" : $"{taps} taps")}";

    /// <summary>Codes, states, ranges, parameters, scales and codebook entries.</summary>
    public static long Parameters(DynWeight weight) => weight.Terms.Sum(term => term.StoredNumbers)
        + (weight.HasOwnScales
            ? 0
            : (weight.RowScale?.Values.Length ?? 0) + (weight.ColumnScale?.Values.Length ?? 0));
}
