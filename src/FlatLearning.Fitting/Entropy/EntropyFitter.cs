using FlatLearning.Dyn;
using FlatLearning.Dyn.Entropy;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Hybrids;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Entropy;

/// <summary>
/// Fits the entropy-coded codes of one weight at one step: levels along the trellis that minimise error + lambda · bits, the classes and the shape that code them in
/// the fewest bits, in turns. docs/decisions/0007-entropy-coded-codes.md has what was measured.
/// </summary>
internal static class EntropyFitter
{
    /// <summary>64 states: 128 more are worth 0.01 bits and take four times as long.</summary>
    private const int Memory = 6;

    /// <summary>Squared steps that a bit is worth: the slope of a uniform quantiser's error, (2 step)²/12 · 2 ln 2 a bit, less the trellis' gain.</summary>
    public const float Lambda = 0.4f;

    private const int Rounds = 3;
    private const int FirstShape = 3;

    /// <summary>The largest magnitude in steps that levels are asked to hold.</summary>
    private const double MostSteps = EntropyModel.MaxLevel - 0.5;

    private const int MostHalves = 31;

    private const double MetricShare = 0.8;

    /// <summary>Fits a finite weight at the step of the options, or at the one that takes their bits per weight.</summary>
    public static FitResult Fit(MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        StepCurve curve = new(target, options, new ScaledProgress(progress, 0, MetricShare), cancellation);
        ScaledProgress rest = new(progress, MetricShare, 1);
        return options.Step > 0 ? curve.At(options.Step, rest, cancellation) : curve.Within(options.BitsPerWeight > 0 ? options.BitsPerWeight : options.Bits, rest, cancellation);
    }

    /// <summary>Fits codes of one step beside a metric or none.</summary>
    /// <param name="target">W and H.</param>
    /// <param name="metric">The metric, in units of the weight, or null.</param>
    /// <param name="step">The step of H = I.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the fit with an <see cref="OperationCanceledException"/>.</param>
    public static FitResult FitAt(MetricTarget target, Metric? metric, double step, IProgress<double>? progress, CancellationToken cancellation)
    {
        (int rows, int columns) = (target.Rows, target.Columns);
        double[]? field = metric is null ? null : MetricField.Of(metric);
        StepField steps = StepField.Of(target, field, step, MostSteps, MostHalves);
        float[] x = steps.Normalise(target.Values.Span, field);
        (EntropyStream? best, sbyte[] bestLevels) = (null, []);
        double least = double.PositiveInfinity;
        ClassFields classes = new(x, rows, columns, withRows: columns > 1, withColumns: true);
        sbyte[] levels = new sbyte[x.Length];
        LevelEncoder encoder = new(Memory, rows);
        int shape = FirstShape;
        for (int round = 0; round < Rounds; round++)
        {
            Encode(encoder, x, columns, classes, LevelRates.Of(shape), levels, cancellation);
            progress?.Report((round + 1.0) / Rounds);
            shape = BestShape(classes, levels);
            classes.Improve(levels, LevelRates.Of(shape));
            shape = BestShape(classes, levels);
            EntropyStream stream = EntropyWriter.Write(levels, new EntropyFields([.. classes.Rows], [.. classes.Columns], steps.RowHalves, steps.ColumnHalves), shape, Memory, steps.Step);
            double cost = SquaredSteps(x, levels) + (Lambda * 8 * stream.ByteLength);
            if (cost < least)
            {
                (least, best, bestLevels) = (cost, stream, [.. levels]);
            }
        }

        DynWeight weight = new(best!, metric);
        (double plain, double weighted) = steps.Errors(target, field, bestLevels);
        return new FitResult(weight, plain, weighted, FitStatus.Converged, null);
    }

    private static void Encode(LevelEncoder encoder, float[] x, int columns, ClassFields classes, LevelRates rates, sbyte[] levels, CancellationToken cancellation)
    {
        int rows = classes.Rows.Length;
        float[] block = new float[rows * LevelEncoder.Lanes];
        sbyte[] blockLevels = new sbyte[block.Length];
        int[] columnClasses = new int[LevelEncoder.Lanes];
        for (int first = 0; first < columns; first += LevelEncoder.Lanes)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(LevelEncoder.Lanes, columns - first);
            classes.Columns.AsSpan(first, count).CopyTo(columnClasses);
            for (int k = 0; k < rows; k++)
            {
                x.AsSpan((k * columns) + first, count).CopyTo(block.AsSpan(k * LevelEncoder.Lanes));
            }

            encoder.Encode(block, classes.Rows, columnClasses, rates, Lambda, blockLevels);
            for (int k = 0; k < rows; k++)
            {
                blockLevels.AsSpan(k * LevelEncoder.Lanes, count).CopyTo(levels.AsSpan((k * columns) + first));
            }
        }
    }

    private static int BestShape(ClassFields classes, sbyte[] levels) =>
        Enumerable.Range(0, EntropyModel.Shapes).MinBy(shape => classes.Bits(levels, LevelRates.Of(shape)));

    private static double SquaredSteps(float[] x, sbyte[] levels)
    {
        double total = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double difference = x[i] - levels[i];
            total += difference * difference;
        }

        return total;
    }
}
