using FlatLearning.Dyn;
using FlatLearning.Dyn.Entropy;
using FlatLearning.Dyn.Metrics;
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
    private const float Lambda = 0.4f;

    private const int Rounds = 3;
    private const int FirstShape = 3;
    private const int SearchRounds = 5;

    /// <summary>How far below the wanted bits per weight a search may end.</summary>
    private const double BitsTolerance = 0.005;

    /// <summary>The largest magnitude in steps that levels are asked to hold.</summary>
    private const double MostSteps = EntropyModel.MaxLevel - 0.5;

    private const int MostHalves = 31;

    /// <summary>Fits a finite weight.</summary>
    public static FitResult Fit(MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        double energy = 0;
        foreach (float value in target.Values.Span)
        {
            energy += (double)value * value;
        }

        if (options.Step > 0)
        {
            return FitAt(target, null, options.Step, progress, cancellation);
        }

        double wanted = options.BitsPerWeight > 0 ? options.BitsPerWeight : options.Bits;
        double step = energy > 0 ? Math.Sqrt(energy / target.Values.Length) * Math.Pow(2, 1.2 - wanted) : 1;
        (FitResult? best, double most) = (null, double.NegativeInfinity);
        for (int round = 0; round < SearchRounds; round++)
        {
            FitResult fit = FitAt(target, null, step, null, cancellation);
            progress?.Report((round + 1.0) / SearchRounds);
            double bits = fit.Weight!.BitsPerWeight;
            if (bits <= wanted && bits > most)
            {
                (best, most) = (fit, bits);
            }

            if (bits <= wanted && (bits >= wanted - BitsTolerance || energy == 0))
            {
                break;
            }

            step *= Math.Pow(2, bits - wanted + (BitsTolerance / 2));
        }

        progress?.Report(1);
        return best ?? FitResult.None(
            FitStatus.NotRepresentable,
            FormattableString.Invariant($"no entropy-coded representation of this {target.Rows} x {target.Columns} weight takes at most {wanted:0.##} bits per weight"));
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
