using FlatLearning.Fitting.Bands;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Entropy;
using FlatLearning.Fitting.Hybrids;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Sparse;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Planning;

/// <summary>
/// Estimates the operational rate-distortion curve of one weight from a sample of its columns: codes of every width
/// with and without row scales, and behind every metric that the spectrum recommends. The cost is that of a few passes
/// over the sample for each option, of a spectrum, and of the metrics fitted. Stateless and safe to call from several
/// threads.
/// </summary>
public static class CurveEstimator
{
    /// <summary>
    /// Bits per weight that a second, larger metric may be less worth than the best one: a finer choice of rates costs
    /// that much at most.
    /// </summary>
    private const double LargerSlack = 0.1;

    private const int BandRounds = 6;

    /// <summary>
    /// Rounds with tables that stay: scales alone are refitted, which takes longer where errors are small.
    /// </summary>
    private const int CompactRounds = 2;
    private const int FineRounds = 8;
    private const int FineBits = 5;

    private static readonly int[] CodeWidths = [2, 3, 4, 5, 6, 8];
    private static readonly int[] StateWidths = [4, 6, 8];

    /// <summary>Measures the options of a finite weight.</summary>
    /// <param name="w">W, row-major [rows, columns].</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="request">H, effort and limits.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The options, unordered; those that another beats in bytes and error are included.</returns>
    /// <exception cref="ArgumentException">The shape does not fit, or H is for another number of rows.</exception>
    public static IReadOnlyList<PlanOption> Measure(
        ReadOnlyMemory<float> w, int rows, int columns, PlanRequest request, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if ((long)rows * columns != w.Length)
        {
            throw new ArgumentException(
                $"a weight of {rows} x {columns} needs {(long)rows * columns} values, found {w.Length}", nameof(w));
        }

        request.Hessian.RequireRows(rows);
        EffortSettings effort = EffortSettings.Of(request.Effort);
        MetricTarget target = new(w, rows, columns, request.Hessian) { Workers = request.Workers };
        double[] importance = RowImportance.Of(request.Hessian, rows, request.Workers);
        FitOptions options = new() { Hessian = request.Hessian, Seed = request.Seed };
        List<PlanOption> measured = [];
        if (request.Coded)
        {
            measured.AddRange(
                EntropyOptions.Measure(
                    target,
                    options,
                    request.Metrics ? effort : effort with { Metrics = [] },
                    request.Hessian.IsFull ? new ScaledProgress(progress, 0, 0.5) : progress,
                    cancellation));
            measured.AddRange(request.Sparse ? SparseOptions.Measure(target, options) : []);
            if (!request.Hessian.IsFull)
            {
                return measured;
            }

            progress = progress is null ? null : new ScaledProgress(progress, 0.5, 1);
        }

        List<CodesStart> starts = [
            .. ScaleCandidates.Of(target, RowScales.WhereTheyPay).Select(scales => new CodesStart(scales))];
        if (request.Metrics && effort.Metrics.Count > 0)
        {
            starts.AddRange(
                Hybrids(target, importance, options, effort, new ScaledProgress(progress, 0, 0.5), cancellation));
        }

        ColumnSample sample = new(target, importance, effort.SampleWeights);
        int[] widths = [.. CodeWidths.Where(width => UniformCodesPlan.Allows(width, request.Taps))];
        PlanOption[] coded = new PlanOption[widths.Length * starts.Count];
        FitProgress tried = new(new ScaledProgress(progress, 0.5, 1), coded.Length, cancellation);
        request.Workers.For(coded.Length, i =>
        {
            int bits = widths[i / starts.Count];
            CodesStart start = starts[i % starts.Count];
            int taps = request.Taps > 0 ? request.Taps : DefaultTaps.Of(bits);
            (AdditiveTables tables, double plain, double weighted) =
                sample.Code(start, bits, taps, effort.Rounds, cancellation);
            StoredNumbers numbers = start.Metric is null
                ? StoredNumbers.Round(start.Scales, tables)
                : StoredNumbers.RoundInPlace(start.Scales, tables);

            // The values of the metric are many and made again from it when they are needed.
            MeasuredUniformCodes codes = new(PlanOf(start, bits, taps), start with { Field = null }, numbers);
            coded[i] = new PlanOption(target, options, codes, codes.BytesOf(rows, columns), weighted, plain);
            tried.Advance(1);
        });
        measured.AddRange(coded);
        measured.AddRange(
            request.Compact && request.Taps == 0 ? Compact(target, starts, sample, options, cancellation) : []);
        foreach (CodesStart start in request.Bands && request.Taps == 0
            ? BandOptions.Starts(target, starts)
            : [])
        {
            measured.AddRange(
                BandOptions.Measure(
                    target, start, options, effort.SampleWeights, Math.Min(effort.Rounds, BandRounds), cancellation));
        }

        measured.AddRange(
            request.Sparse && !request.Coded && request.Taps == 0 ? SparseOptions.Measure(target, options) : []);
        return measured;
    }

    /// <summary>Codes with common tables and scales of a byte.</summary>
    private static PlanOption[] Compact(
        MetricTarget target, List<CodesStart> starts, ColumnSample sample, FitOptions options,
        CancellationToken cancellation)
    {
        CodesStart[] plain = [.. starts.Where(start => start.Metric is null)];
        PlanOption[] made = new PlanOption[plain.Length * BandCodebooks.Widths.Length];
        target.Workers.For(made.Length, i =>
        {
            (CodesStart start, int bits) = (plain[i % plain.Length], BandCodebooks.Widths[i / plain.Length]);
            AdditiveTables tables = BandCodebooks.Tables(bits);
            (_, double error, double weighted) =
                sample.Code(
                    start, bits, tables.Taps, bits >= FineBits ? FineRounds : CompactRounds, cancellation, tables);
            MeasuredUniformCodes codes = new(
                PlanOf(start, bits, tables.Taps) with { IsCompact = true }, start,
                StoredNumbers.RoundCompact(start.Scales, tables));
            made[i] = new PlanOption(
                target, options, codes, codes.BytesOf(target.Rows, target.Columns), weighted, error);
        });
        return made;
    }

    private static UniformCodesPlan PlanOf(CodesStart start, int bits, int taps)
    {
        UniformCodesPlan plan = new() { Bits = bits, Taps = taps, Metric = start.Plan };
        return start.Plan is not null
            ? plan
            : plan with { RowScales = start.Scales.Row is null ? RowScales.Never : RowScales.Always };
    }

    /// <summary>The better start of every metric whose most worthwhile size pays.</summary>
    private static List<CodesStart> Hybrids(
        MetricTarget target, double[] importance, FitOptions options, EffortSettings effort,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        double[] unexplained = SpectrumEstimate.Unexplained(target, importance);
        List<CodesStart> starts = [];
        for (int i = 0; i < effort.Metrics.Count; i++)
        {
            MetricPlan metric = effort.Metrics[i] with { Seconds = effort.MetricSeconds };
            HybridSize size = StateWidths
                .Select(
                    width => HybridSizes.Choose(
                        unexplained, target.Rows, target.Columns, metric with { StateBits = width },
                        double.PositiveInfinity)!)
                .MaxBy(size => size.Worth - size.Bits)!;
            if (size.Worth - size.Bits < effort.MinGain)
            {
                continue;
            }

            HybridSize larger = HybridSizes.Larger(
                unexplained, target.Rows, target.Columns, size.Plan with { StateDim = 0 }, size, LargerSlack);
            MetricPlan[] sizes = larger == size ? [size.Plan] : [size.Plan, larger.Plan];
            for (int j = 0; j < sizes.Length; j++)
            {
                double part = 1.0 / (effort.Metrics.Count * sizes.Length);
                ScaledProgress share = new(
                    progress,
                    ((double)i / effort.Metrics.Count) + (j * part),
                    ((double)i / effort.Metrics.Count) + ((j + 1) * part));
                List<CodesStart> made = HybridFitter.Starts(
                    target, sizes[j], RowScales.WhereTheyPay, options, share, cancellation);

                // The last start has the scales of what the metric before it left.
                starts.Add(made[^1] with { Plan = sizes[j] });
            }
        }

        return starts;
    }
}
