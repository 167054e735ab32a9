using System.Globalization;
using FlatLearning.Dyn.Layout;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Hybrids;

/// <summary>
/// The representation of least weighted error within a number of stored bits per weight: the widest codes that fit,
/// each metric followed by these codes or by the next narrower ones where the spectrum says that it may be worth the
/// difference, and, where no codes fit, metrics alone. docs/derivations/hybrid.md, "Choice".
/// </summary>
internal static class AutoFitter
{
    /// <summary>
    /// The spectrum under scales is only an estimate: a metric is tried when it is worth the missing code bits to
    /// within this much.
    /// </summary>
    private const double Doubt = 0.5;

    private static readonly int[] Widths = [8, 6, 5, 4, 3, 2];

    /// <summary>Fits the candidates and returns the best that fits.</summary>
    public static FitResult Fit(
        MetricTarget target, AutoPlan plan, FitOptions options, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        List<WeightPlan> candidates = Candidates(target, plan);
        (FitResult? best, double smallest) = (null, double.PositiveInfinity);
        for (int i = 0; i < candidates.Count; i++)
        {
            ScaledProgress share = new(progress, (double)i / candidates.Count, (i + 1.0) / candidates.Count);
            FitResult fit = candidates[i].Fit(target, options, share, cancellation);
            double bits = fit.Weight?.BitsPerWeight ?? double.PositiveInfinity;
            smallest = Math.Min(smallest, bits);
            if (bits <= plan.BitsPerWeight && (best is null || fit.WeightedError < best.WeightedError))
            {
                best = fit;
            }
        }

        string found = double.IsFinite(smallest)
            ? $"the smallest one tried takes {smallest:0.00}"
            : "none is that small";
        return best ?? FitResult.None(
            FitStatus.NotRepresentable,
            string.Create(
                CultureInfo.InvariantCulture,
                $"no representation of this {target.Rows} x {target.Columns} weight takes at most "
                    + $"{plan.BitsPerWeight:0.##} bits per weight; ") + found);
    }

    private static List<WeightPlan> Candidates(MetricTarget target, AutoPlan plan)
    {
        (int rows, int columns) = (target.Rows, target.Columns);
        List<WeightPlan> candidates = [];
        int[] fitting = [.. Widths.Where(width => CodeBits(target, plan, width, 0) <= plan.BitsPerWeight)];
        if (fitting.Length == 0)
        {
            return
            [
                .. plan.Metrics.Select(metric => HybridSizes.Largest(rows, columns, metric, plan.BitsPerWeight))
                    .OfType<MetricPlan>(),
            ];
        }

        bool rowsFit = CodeBits(target, plan, fitting[0], rows) <= plan.BitsPerWeight;
        candidates.Add(new UniformCodesPlan
        {
            Bits = fitting[0],
            Taps = TapsOf(plan, fitting[0]),
            RowScales = rowsFit ? RowScales.WhereTheyPay : RowScales.Never,
        });
        foreach (int width in fitting.Take(2))
        {
            double left = plan.BitsPerWeight - CodeBits(target, plan, width, rows);
            foreach (MetricPlan metric in left > 0 ? plan.Metrics : [])
            {
                if (HybridFitter.Size(target, metric, left) is { } size && size.Worth + Doubt > fitting[0] - width)
                {
                    candidates.Add(
                        new UniformCodesPlan { Bits = width, Taps = TapsOf(plan, width), Metric = size.Plan });
                }
            }
        }

        return candidates;
    }

    /// <summary>Explicit taps only where the width allows them.</summary>
    private static int TapsOf(AutoPlan plan, int width) => UniformCodesPlan.Allows(width, plan.Taps) ? plan.Taps : 0;

    /// <summary>About what codes take: padded columns, 16-bit scales and codebook.</summary>
    private static double CodeBits(MetricTarget target, AutoPlan plan, int bits, int rowScales)
    {
        (int rows, int columns) = (target.Rows, target.Columns);
        int taps = new UniformCodesPlan { Bits = bits, Taps = TapsOf(plan, bits) }.UsedTaps;
        long codes = 8 * new CodeLayout(rows, columns, bits, CodeLayout.ChooseGroupWidth(columns)).ByteLength;
        double scales = 16.0 * (columns + rowScales);
        return (codes + scales + (16.0 * (taps << bits))) / ((double)rows * columns);
    }
}
