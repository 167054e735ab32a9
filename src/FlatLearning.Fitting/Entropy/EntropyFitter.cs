using FlatLearning.Dyn;
using FlatLearning.Dyn.Entropy;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Terms;
using FlatLearning.Fitting.Hybrids;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Entropy;

/// <summary>
/// Fits the entropy-coded codes of one weight at one step: levels along the trellis that minimise error + lambda ·
/// bits, the classes and the shape that code them in the fewest bits, in turns.
/// docs/decisions/0005-entropy-coded-codes.md has what was measured.
/// </summary>
internal static class EntropyFitter
{
    /// <summary>256 states for the levels that are stored.</summary>
    private const int Memory = 8;

    /// <summary>16 states while classes and shape are sought.</summary>
    private const int QuickMemory = 4;

    /// <summary>Weights with fewer values try to do without classes of rows or columns.</summary>
    private const long SmallWeights = 1 << 16;

    /// <summary>
    /// Squared steps that a bit is worth: the slope of a uniform quantiser's error, (2 step)²/12 · 2 ln 2 a bit, less
    /// the trellis' gain.
    /// </summary>
    public const float Lambda = 0.4f;

    private const int Rounds = 3;
    private const int FirstShape = 3;

    /// <summary>The largest magnitude in steps that levels are asked to hold.</summary>
    private const double MaxSteps = EntropyModel.MaxLevel - 0.5;

    private const int MaxHalves = 31;

    private const double MetricShare = 0.8;

    /// <summary>
    /// Fits a finite weight at the step of the plan, or at the one that takes its bits per weight.
    /// </summary>
    public static FitResult Fit(
        MetricTarget target, EntropyCodesPlan plan, FitOptions options, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        StepCurve curve = new(target, plan.Metric, options, new ScaledProgress(progress, 0, MetricShare), cancellation);
        ScaledProgress rest = new(progress, MetricShare, 1);
        return plan.Step is { } step
            ? curve.At(step, rest, cancellation)
            : curve.Within(plan.BitsPerWeight!.Value, rest, cancellation);
    }

    /// <summary>
    /// The representation at one step beside a metric or none: of its forms the one of least error + lambda · bits.
    /// </summary>
    /// <param name="target">W and H.</param>
    /// <param name="metric">The metric, in units of the weight, or null.</param>
    /// <param name="step">The step of H = I.</param>
    /// <param name="cancellation">Ends the fit with an <see cref="OperationCanceledException"/>.</param>
    public static FitResult FitAt(MetricTarget target, Metric? metric, double step, CancellationToken cancellation)
    {
        EntropyCoding coding =
            CodeAt(target, metric is null ? null : MetricField.Of(metric, target.Workers), step, null, cancellation);
        return new FitResult(
            Weight(coding.Stream, metric), coding.Error, coding.WeightedError, FitStatus.Converged, null);
    }

    /// <summary>A stream that is known to be whole, beside a metric or none.</summary>
    public static DynWeight Weight(EntropyStream stream, Metric? metric) => new(
        stream.Rows, stream.Columns, null, null, EntropyCodes.Deferred(stream).Behind(metric));

    /// <summary>
    /// The codes of one step, in a given form or in the best one: with classes of rows and columns or without, and,
    /// where rows above seem to predict a row, with prediction or without.
    /// </summary>
    /// <param name="target">W and H.</param>
    /// <param name="field">Values of the metric that the codes are added to, row-major, or null.</param>
    /// <param name="step">The step of H = I.</param>
    /// <param name="form">The form; null to try all.</param>
    /// <param name="cancellation">Ends the fit with an <see cref="OperationCanceledException"/>.</param>
    public static EntropyCoding CodeAt(
        MetricTarget target, double[]? field, double step, EntropyForm? form, CancellationToken cancellation)
    {
        StepField steps = StepField.Of(target, field, step, MaxSteps, MaxHalves);
        float[] x = steps.Normalise(target, field);
        RowPrediction found = form is { Predicts: false }
            ? RowPrediction.None
            : PredictionFitter.Fit(x, target.Rows, target.Columns, target.Workers);
        EntropyForm[] forms = form is { } one ? [one] : [.. Forms(target.Rows, target.Columns, found.Lags.Length > 0)];
        (EntropyCoding? best, sbyte[] bestLevels, double min) = (null, [], double.PositiveInfinity);
        foreach (IGrouping<bool, EntropyForm> group in forms.GroupBy(tried => tried.Predicts))
        {
            RowPrediction prediction = group.Key ? found : RowPrediction.None;
            sbyte[] centres = PredictionFitter.Centres(
                x, target.Rows, target.Columns, prediction, target.Workers);
            foreach (EntropyForm tried in group)
            {
                (EntropyStream stream, sbyte[] levels) =
                    Code(x, centres, target, steps, prediction, tried, cancellation);
                double cost = SquaredSteps(x, levels) + (Lambda * 8 * stream.ByteLength);
                (best, bestLevels, min) = cost < min
                    ? (new EntropyCoding(stream, tried, 0, 0), levels, cost)
                    : (best, bestLevels, min);
            }
        }

        (double plain, double weighted) = steps.Errors(target, field, bestLevels);
        return best! with { Error = plain, WeightedError = weighted };
    }

    private static (EntropyStream Stream, sbyte[] Levels) Code(
        float[] x, sbyte[] centres, MetricTarget target, StepField steps, RowPrediction prediction, EntropyForm form,
        CancellationToken cancellation)
    {
        (int rows, int columns) = (target.Rows, target.Columns);
        float[] left = [.. x];
        for (int i = 0; i < left.Length; i++)
        {
            left[i] -= centres[i];
        }

        IWorkers workers = target.Workers;
        ClassFields classes = new(left, rows, columns, form.RowClasses, form.ColumnClasses, workers);
        using ScratchPool<LevelBlock> quick = new(() => new LevelBlock(QuickMemory, rows));
        using ScratchPool<LevelBlock> thorough = new(() => new LevelBlock(Memory, rows));
        sbyte[] levels = new sbyte[x.Length];
        int shape = FirstShape;
        for (int round = 0; round < Rounds; round++)
        {
            ScratchPool<LevelBlock> blocks = round == Rounds - 1 ? thorough : quick;
            LevelRates rates = LevelRates.Of(shape);
            workers.For((columns + LevelEncoder.Lanes - 1) / LevelEncoder.Lanes, blocks, (i, block) =>
            {
                cancellation.ThrowIfCancellationRequested();
                block.Encode(i * LevelEncoder.Lanes, x, centres, classes, rates, Lambda, levels);
            });
            short[] differences = EntropyWriter.Differences(levels, rows, columns, prediction, workers);
            shape = BestShape(classes, differences);
            classes.Improve(differences, LevelRates.Of(shape));
            shape = BestShape(classes, differences);
        }

        EntropyFields fields = new(classes.Rows, classes.Columns, steps.RowHalves, steps.ColumnHalves);
        return (EntropyWriter.Write(levels, fields, prediction, shape, Memory, steps.Step, workers), levels);
    }

    /// <summary>Small weights may not pay for classes of their own of rows and columns.</summary>
    private static IEnumerable<EntropyForm> Forms(int rows, int columns, bool predictable)
    {
        foreach (bool predicts in predictable ? new[] { false, true } : [false])
        {
            yield return new EntropyForm(columns > 1, true, predicts);
            if ((long)rows * columns < SmallWeights && columns > 1)
            {
                yield return new EntropyForm(false, true, predicts);
                yield return new EntropyForm(true, false, predicts);
                yield return new EntropyForm(false, false, predicts);
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
