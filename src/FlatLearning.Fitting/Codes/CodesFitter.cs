using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Fitting.Bands;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Codes;

/// <summary>
/// Fits scales, codebook and codes of one weight: normalise, train the tables on a part of the columns, then a few
/// passes over all of it (encode, refit scales, refit tables), and a last encoding with exactly the numbers that will
/// be stored.
/// </summary>
internal static class CodesFitter
{
    /// <summary>Tables are first trained on about this many weights, once for each choice of scales.</summary>
    private const long TrainingWeights = 1 << 17;

    private const int TrainingRounds = 6;

    /// <summary>
    /// Row scales and metrics must lower the error as much as their bits would in the codes: a factor of 4 a bit.
    /// </summary>
    private const double FactorPerBit = 4;

    /// <summary>Passes over a weight are as many as this number of weights allows, within 2 and 12.</summary>
    private const long PassWeights = 1 << 21;

    private const int MinPasses = 2;
    private const int MaxPasses = 12;

    /// <summary>Passes over a weight under a full H before the last one.</summary>
    private const int FeedbackPasses = 2;

    /// <summary>The passes have converged when one lowers the error by less than this share.</summary>
    private const double Tolerance = 2e-3;

    /// <summary>Fits a finite weight.</summary>
    /// <param name="target">W and H.</param>
    /// <param name="plan">Bits, taps and row scales.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the fit with an <see cref="OperationCanceledException"/>.</param>
    public static FitResult Fit(
        MetricTarget target, UniformCodesPlan plan, IProgress<double>? progress, CancellationToken cancellation)
    {
        List<Scales> scales = ScaleCandidates.Of(target, plan.RowScales);
        return Fit(target, [.. scales.Select(candidate => new CodesStart(candidate))], plan, progress, cancellation);
    }

    /// <summary>
    /// Fits codes from the best of the given starts: that of least error times 4 for every bit per weight that it
    /// stores besides codes.
    /// </summary>
    public static FitResult Fit(
        MetricTarget target,
        List<CodesStart> starts,
        UniformCodesPlan plan,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        (ReadOnlyMemory<float> w, int rows, int columns) = (target.Values, target.Rows, target.Columns);
        int taps = plan.UsedTaps;
        using ScratchPool<BlockCoder> coders = new(() => new BlockCoder(plan.Bits, taps, rows));
        long weights = (long)rows * columns;
        int passes = (int)Math.Clamp(PassWeights / weights, MinPasses, MaxPasses);
        double[] importance = RowImportance.Of(target.Hessian, rows, target.Workers);
        double all = passes + 1 + (target.Hessian.IsFull ? FeedbackPasses : 0)
            + (starts.Count * TrainingRounds / (double)TrainingStep(weights));
        FitProgress work = new(progress, all, cancellation);
        CodedMatrix[] candidates = new CodedMatrix[starts.Count];
        double[] costs = new double[starts.Count];
        target.Workers.For(starts.Count, i =>
        {
            CodesStart start = starts[i];
            AdditiveTables tables = plan.IsCompact
                ? BandCodebooks.Tables(plan.Bits)
                : taps > 1
                ? StartTables.Get(plan.Bits, taps)
                : ScaleCandidates.ScalarTable(w.Span, importance, start.Scales, plan.Bits, start.Field);
            candidates[i] = new CodedMatrix(w, importance, start.Scales, tables, target.Workers, start.Field);
            costs[i] = Train(candidates[i], coders, TrainingStep(weights), plan.IsCompact, work.Advance)
                * Math.Pow(FactorPerBit, start.ExtraBits(rows, columns));
        });
        int chosen = 0;
        for (int i = 1; i < costs.Length; i++)
        {
            chosen = costs[i] < costs[chosen] ? i : chosen;
        }

        (CodedMatrix matrix, CodesStart from) = (candidates[chosen], starts[chosen]);
        candidates = [];
        bool converged = false;
        double previous = double.PositiveInfinity;
        for (int pass = 0; pass < passes && !converged; pass++)
        {
            matrix.Encode(coders, 0, 1, () => work.Advance(1.0 / matrix.Blocks));
            matrix.RefitScales();
            RefitTables(plan, matrix.RefitTables);
            double error = matrix.SquaredError();
            converged = previous - error <= Tolerance * error;
            previous = error;
        }

        FeedbackCoder? feedback =
            target.Hessian.IsFull ? new FeedbackCoder(matrix, target.Hessian, target.Workers) : null;
        for (int pass = 0; feedback is not null && pass < FeedbackPasses; pass++)
        {
            feedback.Encode(work.Advance);
            feedback.RefitColumns();
            RefitTables(plan, feedback.RefitTables);
        }

        StoredNumbers stored = plan.IsCompact
            ? StoredNumbers.RoundCompact(matrix.Scales, matrix.Tables)
            : from.Metric is null
            ? StoredNumbers.Round(matrix.Scales, matrix.Tables)
            : StoredNumbers.RoundInPlace(matrix.Scales, matrix.Tables);
        (matrix.Scales, matrix.Tables) = (stored.ExactScales(), stored.ExactTables());
        if (feedback is null)
        {
            matrix.Encode(coders, 0, 1, () => work.Advance(1.0 / matrix.Blocks));
        }
        else
        {
            feedback.Rescale();
            feedback.Encode(work.Advance);
        }

        DynWeight weight = stored.Weight(PackedCodes.Pack(matrix.Codes, rows, columns, plan.Bits), from.Metric);
        progress?.Report(1);
        (double plain, double weighted) = target.Hessian.IsFull
            ? TargetErrors.Relative(target, matrix.Decode())
            : matrix.RelativeErrors();
        return new FitResult(weight, plain, weighted, converged ? FitStatus.Converged : FitStatus.BudgetSpent, null);
    }

    /// <summary>
    /// Trains the tables on every <paramref name="step"/>th block, another set of blocks each round. Returns the last
    /// round's error.
    /// </summary>
    private static double Train(
        CodedMatrix matrix, ScratchPool<BlockCoder> coders, int step, bool isFixed, Action<double> advance)
    {
        double error = 0;
        for (int round = 0; round < (isFixed ? 1 : TrainingRounds); round++)
        {
            TableStatistics statistics = new(matrix.Tables.Bits, matrix.Tables.Taps);
            error = matrix.Encode(
                coders, round % Math.Min(step, matrix.Blocks), step, () => advance(1.0 / matrix.Blocks), statistics);
            matrix.Tables = isFixed ? matrix.Tables : statistics.Solve(matrix.Tables);
        }

        return error;
    }

    private static void RefitTables(UniformCodesPlan plan, Action refit)
    {
        if (!plan.IsCompact)
        {
            refit();
        }
    }

    private static int TrainingStep(long weights) => (int)((weights + TrainingWeights - 1) / TrainingWeights);
}
