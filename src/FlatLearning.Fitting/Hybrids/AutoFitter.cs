using System.Globalization;
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
        MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        List<FitOptions> candidates = Candidates(target, options);
        (FitResult? best, double smallest) = (null, double.PositiveInfinity);
        for (int i = 0; i < candidates.Count; i++)
        {
            ScaledProgress share = new(progress, (double)i / candidates.Count, (i + 1.0) / candidates.Count);
            FitResult fit = WeightFitter.Fit(target, candidates[i], share, cancellation);
            double bits = fit.Weight?.BitsPerWeight ?? double.PositiveInfinity;
            smallest = Math.Min(smallest, bits);
            if (bits <= options.BitsPerWeight && (best is null || fit.WeightedError < best.WeightedError))
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
                    + $"{options.BitsPerWeight:0.##} bits per weight; ") + found);
    }

    private static List<FitOptions> Candidates(MetricTarget target, FitOptions options)
    {
        (int rows, int columns) = (target.Rows, target.Columns);
        List<FitOptions> candidates = [];
        int[] fitting = [
            .. Widths.Where(
                width =>
                    CodeBits(
                        rows,
                        columns,
                        options with { Bits = width, RowScales = RowScales.Never }) <= options.BitsPerWeight)];
        if (fitting.Length == 0)
        {
            return
            [
                .. MetricFitters.Methods
                    .Select(
                        method => HybridSizes.Largest(
                            rows, columns, options with { Method = method, Residual = false }, options.BitsPerWeight))
                    .OfType<FitOptions>(),
            ];
        }

        bool rowsFit = CodeBits(rows, columns, options with { Bits = fitting[0] }) <= options.BitsPerWeight;
        candidates.Add(
            options
                with { Method = FitMethod.Codes, Bits = fitting[0], Taps = TapsOf(options, fitting[0]),
                    RowScales = rowsFit ? options.RowScales : RowScales.Never });
        foreach (int width in fitting.Take(2))
        {
            double left = options.BitsPerWeight - CodeBits(rows, columns, options with { Bits = width });
            foreach (FitMethod method in left > 0 ? MetricFitters.Methods : [])
            {
                FitOptions hybrid =
                    options with { Method = method, Residual = true, Bits = width, Taps = TapsOf(options, width) };
                if (HybridFitter.Size(target, hybrid, left) is { } size && size.Worth + Doubt > fitting[0] - width)
                {
                    candidates.Add(size.Options);
                }
            }
        }

        return candidates;
    }

    /// <summary>Explicit taps only where the width allows them.</summary>
    private static int TapsOf(FitOptions options, int width) => options.Taps * width <= 16 ? options.Taps : 0;

    /// <summary>About what codes take: padded columns, 16-bit scales and codebook.</summary>
    private static double CodeBits(int rows, int columns, FitOptions options)
    {
        int taps = TapsOf(options, options.Bits) is > 0 and int given ? given : FitOptions.DefaultTaps(options.Bits);
        long codes = 8
            * new Dyn.Layout.CodeLayout(
                rows, columns, options.Bits, Dyn.Layout.CodeLayout.ChooseGroupWidth(columns)).ByteLength;
        double scales = 16.0 * (columns + (options.RowScales == RowScales.Never ? 0 : rows));
        return (codes + scales + (16.0 * (taps << options.Bits))) / ((double)rows * columns);
    }
}
