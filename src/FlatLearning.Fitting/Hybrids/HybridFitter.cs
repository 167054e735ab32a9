using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Hybrids;

/// <summary>
/// A metric followed by scales and codes: W~ = rho gamma (metric + code). The metric is fitted in the units of the
/// scales, so that what it leaves is what the codes expect, and again in those of its own residual. Codes alone are the
/// answer where they lose no more. docs/derivations/hybrid.md.
/// </summary>
internal static class HybridFitter
{
    /// <summary>
    /// Measured with 1, 2, 4 and 8: the second is worth a quarter bit where a metric pays, later ones nothing.
    /// </summary>
    private const int Rounds = 2;

    private const double MetricShare = 0.8;
    private const double MinRatio = 1e-4;

    /// <summary>Fits metric and codes; a metric that does not lower the error is left out.</summary>
    public static FitResult Fit(
        MetricTarget target,
        UniformCodesPlan plan,
        FitOptions options,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        List<CodesStart> starts = Starts(
            target, plan.Metric!, plan.RowScales, options, new ScaledProgress(progress, 0, MetricShare), cancellation);
        double half = 0.5 * (1 + MetricShare);
        FitResult hybrid =
            CodesFitter.Fit(target, starts, plan, new ScaledProgress(progress, MetricShare, half), cancellation);
        FitResult codes = CodesFitter.Fit(target, plan, new ScaledProgress(progress, half, 1), cancellation);
        return codes.WeightedError <= hybrid.WeightedError ? codes : hybrid;
    }

    /// <summary>
    /// The metric in the units of the weight's own scales, and in those of what the first one leaves.
    /// </summary>
    public static List<CodesStart> Starts(
        MetricTarget target,
        MetricPlan plan,
        RowScales rowScales,
        FitOptions options,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        (ReadOnlyMemory<float> w, int rows, int columns) = (target.Values, target.Rows, target.Columns);
        double[] importance = RowImportance.Of(target.Hessian, rows, target.Workers);
        MetricPlan metric = Size(target, plan)!.Plan;
        metric = metric with { Seconds = metric.Seconds / Rounds };
        List<CodesStart> starts = [];
        Scales scales = ScaleCandidates.Of(target, rowScales)[^1];
        for (int round = 0; round < Rounds; round++)
        {
            ScaledProgress share = new(progress, (double)round / Rounds, (round + 1.0) / Rounds);
            CodesStart start = Start(target, scales, importance, metric, options, share, cancellation);
            starts.Add(start);
            Scales own = Scales.FromRootMeanSquares(
                start.Rest(target), rows, columns, scales.Row is not null, target.Workers);
            if (!Usable(own.Column, scales.Column) || !Usable(own.Row ?? [], scales.Row ?? []))
            {
                break;
            }

            scales = own;
        }

        return starts;
    }

    /// <summary>The most worthwhile size of at most so many bits per weight, or null.</summary>
    public static HybridSize? Size(
        MetricTarget target, MetricPlan plan, double maxBits = double.PositiveInfinity) =>
        HybridSizes.Choose(
            SpectrumEstimate.Unexplained(
                target, RowImportance.Of(target.Hessian, target.Rows, target.Workers)),
            target.Rows,
            target.Columns,
            plan,
            maxBits);

    private static CodesStart Start(
        MetricTarget target, Scales scales, double[] importance, MetricPlan plan, FitOptions options,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        (ReadOnlyMemory<float> w, int rows, int columns) = (target.Values, target.Rows, target.Columns);
        float[] x = new float[w.Length];
        target.Workers.For(rows, k =>
        {
            ReadOnlySpan<float> line = w.Span.Slice(k * columns, columns);
            for (int n = 0; n < columns; n++)
            {
                x[(k * columns) + n] =
                    (float)(line[n] * Scales.Inverse(scales.RowAt(k)) * Scales.Inverse(scales.Column[n]));
            }
        });

        double[] diagonal = [.. importance.Select((weight, k) => weight * scales.RowAt(k) * scales.RowAt(k))];
        MetricFit fit = plan.FitMetric(
            target with { Values = x, Hessian = Hessian.Diagonal(diagonal) }, options, progress, cancellation);
        return new CodesStart(scales, fit.Metric, MetricField.Of(fit.Metric, target.Workers));
    }

    /// <summary>
    /// A row or column that the metric explains almost entirely would get a scale in which its values are beyond
    /// float32, or none.
    /// </summary>
    private static bool Usable(double[] scales, double[] before) =>
        scales.Zip(before).All(pair => pair.First >= MinRatio * pair.Second && pair.First > 0);
}
