using FlatLearning.Dyn.Entropy;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Hybrids;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Planning;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Entropy;

/// <summary>
/// Entropy-coded options of a weight by their step. Some steps are tried on a sample of columns; between them bytes and
/// the logarithm of the error are straight lines in the logarithm of the step, so that options can lie as close
/// together as a plan wants them.
/// </summary>
internal static class EntropyOptions
{
    /// <summary>
    /// Steps that are tried, in octaves below the root mean square. A weight takes about 1.2 bits more.
    /// </summary>
    private static readonly double[] Octaves = [
        -1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6];

    /// <summary>
    /// Options in an octave: a plan meets a size within a hundredth with a single weight of two bits.
    /// </summary>
    private const int OptionsPerOctave = 64;

    /// <summary>The step at which the form of the coding is chosen: about that of 3.5 bits.</summary>
    private const double FormOctave = 2.5;

    /// <summary>
    /// Samples are this many times as large as those of codes, since classes of rows are estimated from them too.
    /// </summary>
    private const int SampleFactor = 8;

    private const double MetricShare = 0.5;

    /// <summary>Metrics are fitted longer than for packed codes, whose curves try more of them.</summary>
    private const double MetricFactor = 3;

    /// <summary>The options of codes alone and behind each metric that the spectrum promises to pay for.</summary>
    /// <param name="target">W and H.</param>
    /// <param name="options">Seed and H of the fits.</param>
    /// <param name="effort">The size of the sample, and whether there are metrics.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    public static IReadOnlyList<PlanOption> Measure(
        MetricTarget target,
        FitOptions options,
        EffortSettings effort,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        List<PlanOption> measured = [];
        double meanSquare = 0;
        foreach (float value in target.Values.Span)
        {
            meanSquare += (double)value * value / target.Values.Length;
        }

        MetricPlan? plan = effort.Metrics.Count > 0
            ? new RiemPlan { Seconds = MetricFactor * effort.MetricSeconds }
            : null;
        List<Metric> metrics =
            EntropyMetrics.Fit(target, plan, options, new ScaledProgress(progress, 0, MetricShare), cancellation);
        double[] importance = [.. Enumerable.Range(0, target.Rows).Select(target.Hessian.At)];
        ColumnSample sample = new(target, importance, SampleFactor * effort.SampleWeights);
        if (meanSquare == 0)
        {
            Point zero = Point.Of(0, EntropyFitter.CodeAt(sample.Target, null, 1, null, cancellation), target.Columns);
            return [OptionOf(null, 1, zero.Bytes, 0, 0)];
        }

        foreach (Metric? metric in metrics.Prepend(null))
        {
            double[]? field = metric is null ? null : sample.Take<double>(MetricField.Of(metric, target.Workers));
            EntropyForm form = EntropyFitter.CodeAt(sample.Target, field, StepAt(FormOctave), null, cancellation).Form;
            Point[] points = new Point[Octaves.Length];
            target.Workers.For(points.Length, i => points[i] = Point.Of(
                Octaves[i],
                EntropyFitter.CodeAt(sample.Target, field, StepAt(Octaves[i]), form, cancellation),
                target.Columns));
            measured.AddRange(Between(points).Select(
                point => OptionOf(metric, StepAt(point.Octave), point.Bytes, point.Error, point.PlainError)));
            progress?.Report(
                MetricShare
                    + ((1 - MetricShare) * (metric is null ? 1 : metrics.IndexOf(metric) + 2) / (metrics.Count + 1)));
        }

        return measured;

        PlanOption OptionOf(Metric? metric, double step, double streamBytes, double error, double plainError) => new(
            target, options, new MeasuredEntropyCodes(metric, step),
            (long)Math.Round(streamBytes) + (metric?.ByteLength ?? 0), error, plainError);

        double StepAt(double octave) => Math.Sqrt(meanSquare) * Math.Pow(2, -octave);
    }

    private static IEnumerable<Point> Between(Point[] points)
    {
        for (int i = 0; i + 1 < points.Length; i++)
        {
            int count = (int)Math.Round((points[i + 1].Octave - points[i].Octave) * OptionsPerOctave);
            for (int j = 0; j < count; j++)
            {
                yield return Point.Mix(points[i], points[i + 1], (double)j / count);
            }
        }

        yield return points[^1];
    }

    /// <summary>Bytes of the whole weight without those of the metric, and relative errors.</summary>
    private readonly record struct Point(double Octave, double Bytes, double Error, double PlainError)
    {
        private const double Min = 1e-30;

        public static Point Of(double octave, EntropyCoding coding, int columns)
        {
            EntropyStream stream = coding.Stream;
            int lags = stream.Prediction.Lags.Length;
            long fixedBytes = EntropyWriter.FixedBytes(stream.Rows, stream.Columns, lags);
            double perColumn = (double)(stream.ByteLength - fixedBytes - stream.RowBytes) / stream.Columns;
            return new Point(
                octave,
                EntropyWriter.FixedBytes(stream.Rows, columns, lags) + stream.RowBytes + (perColumn * columns),
                coding.WeightedError,
                coding.Error);
        }

        public static Point Mix(Point a, Point b, double share) =>
            new(
                Line(a.Octave, b.Octave, share),
                Line(a.Bytes, b.Bytes, share),
                Geometric(a.Error, b.Error, share),
                Geometric(a.PlainError, b.PlainError, share));

        private static double Line(double a, double b, double share) => a + (share * (b - a));

        private static double Geometric(double a, double b, double share) =>
            Math.Exp(Line(Math.Log(Math.Max(a, Min)), Math.Log(Math.Max(b, Min)), share));
    }
}
