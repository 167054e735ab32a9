using FlatLearning.Fitting;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Hybrids;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Benchmarks;

/// <summary>The operational rate-distortion curve of one weight: what a planner chooses from.</summary>
internal static class RateCurve
{
    private static readonly int[] CodeWidths = [2, 3, 4, 5, 6, 8];

    /// <summary>
    /// Fits codes of every width and, for every metric, one metric of the most worthwhile size followed by codes of
    /// every width. A metric that loses no less than the codes alone is left out. Costs one fit of each metric and two
    /// of codes a width.
    /// </summary>
    /// <param name="w">W, row-major [rows, columns].</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="metrics">The metrics to try.</param>
    /// <param name="options">H, seed and threads; defaults where null.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the fits with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Points in the order of their bits per weight; empty when the weight is not finite.</returns>
    /// <exception cref="ArgumentException">The shape or an option is out of range.</exception>
    public static IReadOnlyList<RatePoint> Measure(
        ReadOnlyMemory<float> w, int rows, int columns, IReadOnlyList<MetricPlan> metrics, FitOptions? options = null,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        options ??= new FitOptions();
        List<RatePoint> points = [];
        double parts = CodeWidths.Length * (1 + metrics.Count);
        foreach (int bits in CodeWidths)
        {
            UniformCodesPlan codes = new() { Bits = bits };
            FitResult fit = WeightFitter.Fit(
                w, rows, columns, codes, options,
                new ScaledProgress(progress, points.Count / parts, (points.Count + 1) / parts), cancellation);
            if (fit.Weight is null)
            {
                return [];
            }

            points.Add(new RatePoint(codes, fit));
        }

        MetricTarget target = new(w, rows, columns, options.Hessian);
        for (int i = 0; i < metrics.Count; i++)
        {
            double begin = (double)(i + 1) / (1 + metrics.Count);
            MetricPlan metric = HybridFitter.Size(target, metrics[i])!.Plan;
            List<CodesStart> starts =
                HybridFitter.Starts(target, metric, RowScales.WhereTheyPay, options, null, cancellation);
            for (int j = 0; j < CodeWidths.Length; j++)
            {
                UniformCodesPlan sized = new() { Bits = CodeWidths[j], Metric = metric };
                double span = 1.0 / parts;
                FitResult fit = CodesFitter.Fit(
                    target,
                    starts,
                    sized,
                    new ScaledProgress(progress, begin + (j * span), begin + ((j + 1) * span)),
                    cancellation);
                if (fit.WeightedError < points[j].Error)
                {
                    points.Add(new RatePoint(sized, fit));
                }
            }
        }

        progress?.Report(1);
        return [.. points.OrderBy(point => point.BitsPerWeight)];
    }

    /// <summary>
    /// The points that minimise error + lambda · bits for some lambda: from the smallest to the most exact, each with
    /// less error than the one before and a smaller gain per bit.
    /// </summary>
    public static IReadOnlyList<RatePoint> LowerHull(IEnumerable<RatePoint> points)
    {
        List<RatePoint> hull = [];
        foreach (RatePoint point in points.OrderBy(point => point.BitsPerWeight).ThenBy(point => point.Error))
        {
            if (hull.Count > 0 && !(point.Error < hull[^1].Error))
            {
                continue;
            }

            while (hull.Count > 0
                && (hull[^1].BitsPerWeight == point.BitsPerWeight
                    || (hull.Count > 1 && Slope(hull[^2], hull[^1]) >= Slope(hull[^1], point))))
            {
                hull.RemoveAt(hull.Count - 1);
            }

            hull.Add(point);
        }

        return hull;
    }

    private static double Slope(RatePoint a, RatePoint b) => (b.Error - a.Error) / (b.BitsPerWeight - a.BitsPerWeight);
}
