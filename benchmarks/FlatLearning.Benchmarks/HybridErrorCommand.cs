using FlatLearning.Fitting.Metrics;
using System.Diagnostics;
using System.Globalization;
using FlatLearning.Fitting;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>hybrid-error --models DIR [--match NAME] [--min-size S] [--method M] [--state-bits S] [--seconds S] [--top
/// N]</c>: for every weight the rate curve of codes alone and the best hybrid: its gain is how many more bits per
/// weight codes alone would take for its error (logarithms interpolated between whole numbers of bits).
/// </summary>
internal static class HybridErrorCommand
{
    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        string method = options.Text("--method", "auto");
        MetricPlan[] metrics = [.. MetricPlans.All.Where(metric => method == "auto" || metric.Kind == method)
            .Select(metric => metric with
            {
                StateBits = options.Number("--state-bits", 4),
                Seconds = double.Parse(options.Text("--seconds", "4"), CultureInfo.InvariantCulture),
            })];
        Console.WriteLine(
            "| weight | codes 3 bits | error | best hybrid | bits | error | gain in bits | s "
                + "|\n|---|---|---|---|---|---|---|---|");
        (double gained, double total) = (0, 0);
        foreach ((string name, List<MatrixWeight> weights) in WeightErrorCommand.Models(
            options.Required("--models"), options.Number("--min-size", 4096)))
        {
            foreach (MatrixWeight weight in weights.OrderByDescending(w => w.Values.Length)
                .Take(options.Number("--top", int.MaxValue)))
            {
                if (name.Contains(options.Text("--match", string.Empty), StringComparison.Ordinal))
                {
                    gained += weight.Values.Length * Math.Max(0, Measure(name, weight, metrics));
                    total += weight.Values.Length;
                }
            }
        }

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"mean gain where a hybrid is better, else 0: {gained / total:0.000} bits per weight"));
        return 0;
    }

    private static double Measure(string name, MatrixWeight weight, MetricPlan[] metrics)
    {
        Stopwatch watch = Stopwatch.StartNew();
        IReadOnlyList<RatePoint> points = RateCurve.Measure(weight.Values, weight.Rows, weight.Columns, metrics);
        double seconds = watch.Elapsed.TotalSeconds;
        RatePoint[] codes = [.. points.Where(point => point.Plan.Metric is null)];
        RatePoint? best = null;
        foreach (RatePoint point in points.Where(point => point.Plan.Metric is not null))
        {
            best = best is null || Gain(codes, point) > Gain(codes, best) ? point : best;
        }

        RatePoint three = codes.Single(point => point.Plan.Bits == 3);
        double gain = best is null ? 0 : Gain(codes, best);
        string hybrid = best is null
            ? "none | | | "
            : FormattableString.Invariant(
                $"{best.Fit.Representation} | {best.BitsPerWeight:0.00} | {best.Error:0.00000} | {gain:+0.00;-0.00}");
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} {weight.Rows}x{weight.Columns} | {three.BitsPerWeight:0.00} | {three.Error:0.00000} | "
                    + $"{hybrid} | {seconds:0.0} |"));
        return gain;
    }

    private static double Gain(RatePoint[] codes, RatePoint point)
    {
        int i = 0;
        while (i + 2 < codes.Length && codes[i + 1].Error > point.Error)
        {
            i++;
        }

        double share = (Math.Log(codes[i].Error) - Math.Log(point.Error))
            / (Math.Log(codes[i].Error) - Math.Log(codes[i + 1].Error));
        return codes[i].BitsPerWeight + (share * (codes[i + 1].BitsPerWeight - codes[i].BitsPerWeight))
            - point.BitsPerWeight;
    }
}
