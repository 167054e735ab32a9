using FlatLearning.Dyn;
using FlatLearning.Dyn.Entropy;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Hybrids;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Entropy;

/// <summary>
/// Fits the entropy-coded codes of one weight at one step: levels along the trellis that minimise error + lambda · bits, the classes and the shape that code them in
/// the fewest bits, in turns. docs/decisions/0005-entropy-coded-codes.md has what was measured.
/// </summary>
internal static class EntropyFitter
{
    /// <summary>256 states for the levels that are stored.</summary>
    private const int Memory = 8;

    /// <summary>16 states while classes and shape are sought.</summary>
    private const int QuickMemory = 4;

    /// <summary>Weights with fewer values try to do without classes of rows or columns.</summary>
    private const long SmallWeights = 1 << 16;

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

    /// <summary>Fits codes of one step beside a metric or none: without prediction and, where rows above seem to predict a row, with it.</summary>
    /// <param name="target">W and H.</param>
    /// <param name="metric">The metric, in units of the weight, or null.</param>
    /// <param name="step">The step of H = I.</param>
    /// <param name="cancellation">Ends the fit with an <see cref="OperationCanceledException"/>.</param>
    public static IEnumerable<FitResult> FitAt(MetricTarget target, Metric? metric, double step, CancellationToken cancellation)
    {
        double[]? field = metric is null ? null : MetricField.Of(metric);
        StepField steps = StepField.Of(target, field, step, MostSteps, MostHalves);
        float[] x = steps.Normalise(target.Values.Span, field);
        RowPrediction prediction = PredictionFitter.Fit(x, target.Rows, target.Columns);
        yield return FitCodes(target, metric, field, steps, x, RowPrediction.None, cancellation);
        if (prediction.Lags.Length > 0)
        {
            yield return FitCodes(target, metric, field, steps, x, prediction, cancellation);
        }
    }

    private static FitResult FitCodes(
        MetricTarget target, Metric? metric, double[]? field, StepField steps, float[] x, RowPrediction prediction, CancellationToken cancellation)
    {
        (int rows, int columns) = (target.Rows, target.Columns);
        sbyte[] centres = PredictionFitter.Centres(x, rows, columns, prediction);
        float[] left = [.. x];
        for (int i = 0; i < left.Length; i++)
        {
            left[i] -= centres[i];
        }

        (EntropyStream? best, sbyte[] bestLevels) = (null, []);
        double least = double.PositiveInfinity;
        LevelEncoder quick = new(QuickMemory, rows);
        LevelEncoder thorough = new(Memory, rows);
        foreach ((bool withRows, bool withColumns) in Choices(rows, columns))
        {
            ClassFields classes = new(left, rows, columns, withRows, withColumns);
            sbyte[] levels = new sbyte[x.Length];
            int shape = FirstShape;
            for (int round = 0; round < Rounds; round++)
            {
                bool last = round == Rounds - 1;
                Encode(last ? thorough : quick, x, centres, columns, classes, LevelRates.Of(shape), levels, cancellation);
                short[] differences = EntropyWriter.Differences(levels, rows, columns, prediction);
                shape = BestShape(classes, differences);
                classes.Improve(differences, LevelRates.Of(shape));
                shape = BestShape(classes, differences);
                if (last)
                {
                    EntropyFields fields = new(classes.Rows, classes.Columns, steps.RowHalves, steps.ColumnHalves);
                    EntropyStream stream = EntropyWriter.Write(levels, fields, prediction, shape, Memory, steps.Step);
                    double cost = SquaredSteps(x, levels) + (Lambda * 8 * stream.ByteLength);
                    (least, best, bestLevels) = cost < least ? (cost, stream, levels) : (least, best, bestLevels);
                }
            }
        }

        DynWeight weight = new(best!, metric);
        (double plain, double weighted) = steps.Errors(target, field, bestLevels);
        return new FitResult(weight, plain, weighted, FitStatus.Converged, null);
    }

    /// <summary>Whether rows and columns have classes of their own: small weights may not pay for them.</summary>
    private static IEnumerable<(bool WithRows, bool WithColumns)> Choices(int rows, int columns)
    {
        yield return (columns > 1, true);
        if ((long)rows * columns < SmallWeights && columns > 1)
        {
            yield return (false, true);
            yield return (true, false);
            yield return (false, false);
        }
    }

    private static void Encode(LevelEncoder encoder, float[] x, sbyte[] centres, int columns, ClassFields classes, LevelRates rates, sbyte[] levels, CancellationToken cancellation)
    {
        int rows = classes.Rows.Length;
        float[] block = new float[rows * LevelEncoder.Lanes];
        sbyte[] blockCentres = new sbyte[block.Length];
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
                centres.AsSpan((k * columns) + first, count).CopyTo(blockCentres.AsSpan(k * LevelEncoder.Lanes));
            }

            encoder.Encode(block, blockCentres, classes.Rows, columnClasses, rates, Lambda, blockLevels);
            for (int k = 0; k < rows; k++)
            {
                blockLevels.AsSpan(k * LevelEncoder.Lanes, count).CopyTo(levels.AsSpan((k * columns) + first));
            }
        }
    }

    private static int BestShape(ClassFields classes, short[] differences) =>
        Enumerable.Range(0, EntropyModel.Shapes).MinBy(shape => classes.Bits(differences, LevelRates.Of(shape)));

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
