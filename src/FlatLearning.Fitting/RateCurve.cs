using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Hybrids;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting;

/// <summary>The operational rate-distortion curve of one weight: what a planner chooses from.</summary>
public static class RateCurve
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
    /// <param name="options">Weight of the error, bits of the states, seed and budget; <see cref="FitOptions.Method"/>
    /// is Auto for all metrics, Codes for none, or one of them.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the fits with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Points in the order of their bits per weight; empty when the weight is not finite.</returns>
    /// <exception cref="ArgumentException">The shape or an option is out of range.</exception>
    public static IReadOnlyList<RatePoint> Measure(
        ReadOnlyMemory<float> w, int rows, int columns, FitOptions options, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<RatePoint> points = [];
        FitMethod[] metrics = [
            .. MetricFitters.Methods.Where(method => options.Method is FitMethod.Auto || options.Method == method)];
        double parts = CodeWidths.Length * (1 + metrics.Length);
        foreach (int bits in CodeWidths)
        {
            FitOptions codes = options with { Method = FitMethod.Codes, Bits = bits, Taps = 0 };
            FitResult fit = WeightFitter.Fit(
                w, rows, columns, codes,
                new ScaledProgress(progress, points.Count / parts, (points.Count + 1) / parts), cancellation);
            if (fit.Weight is null)
            {
                return [];
            }

            points.Add(new RatePoint(codes, fit));
        }

        MetricTarget target = new(w, rows, columns, options.Hessian);
        for (int i = 0; i < metrics.Length; i++)
        {
            double begin = (double)(i + 1) / (1 + metrics.Length);
            FitOptions hybrid =
                HybridFitter.Size(target, options with { Method = metrics[i], Residual = true, Taps = 0 })!.Options;
            List<CodesStart> starts =
                HybridFitter.Starts(MetricFitters.For(metrics[i])!, target, hybrid, null, cancellation);
            for (int j = 0; j < CodeWidths.Length; j++)
            {
                FitOptions sized = hybrid with { Bits = CodeWidths[j] };
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
