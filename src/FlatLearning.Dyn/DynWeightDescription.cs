using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Dyn;

/// <summary>One line on what a weight is stored as, for tables and reports.</summary>
public static class DynWeightDescription
{
    /// <summary>
    /// For example <c>codes 4 bits, 3 taps, row+column scales</c> or <c>riem d=52 R=6 M=14, 8-bit states</c>.
    /// </summary>
    public static string Describe(this DynWeight weight)
    {
        List<string> parts = [];
        if (weight.Metric is { } metric)
        {
            parts.Add(metric switch
            {
                RiemMetric => $"riem d={metric.StateDim} R={metric.Shifts} M={metric.Width}",
                _ => $"{metric.Kind} d={metric.StateDim} H={metric.Heads}",
            });
            parts.Add($"{metric.States.Bits}-bit states");
        }

        if (weight.Stream is { } stream)
        {
            parts.Add($"entropy-coded codes, step {stream.Step:g3}");
            if (stream.Fields.HasRowSteps)
            {
                parts.Add("row steps");
            }

            return string.Join(", ", parts);
        }

        if (weight.Codebook is { } codebook)
        {
            parts.Add($"codes {codebook.Bits} bits");
            parts.Add(
                codebook.IsWindow
                    ? $"window of {codebook.Taps}"
                    : codebook.Taps == 1
                    ? "1 tap"
                    : $"{codebook.Taps} taps");
        }

        if (weight.Bands is { } bands)
        {
            parts.Add(bands.DescribeWidths());
        }

        string? scales = (weight.RowScale, weight.ColumnScale) switch
        {
            (not null, not null) => "row+column scales",
            (not null, null) => "row scales",
            (null, not null) => "column scales",
            _ => null,
        };
        if (scales is not null)
        {
            parts.Add(scales);
        }

        if (weight.Sparse is { } sparse)
        {
            parts.Add($"{sparse.Count} sparse elements");
        }

        return string.Join(", ", parts);
    }
}
