using System.Diagnostics;
using FlatLearning.Fitting.Peers;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Surveys;

/// <summary>
/// Stores one matrix in every representation at equal stored bits, ours and those of others, and measures what each
/// loses.
/// </summary>
public static class Survey
{
    /// <summary>The status of what the time limit left out or cut off.</summary>
    public const string TimeLimit = "time limit";

    /// <summary>The status of a result with values that float32 cannot hold.</summary>
    private const string NotFinite = "not finite";

    /// <summary>Runs everything.</summary>
    /// <param name="w">W, row-major [rows, columns], finite.</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="options">Rates, representations, time.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, on several threads but never two at once; or
    /// null.</param>
    /// <param name="cancellation">Stops with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The shape or an option is out of range, or a value is not
    /// finite.</exception>
    public static SurveyReport Run(
        ReadOnlyMemory<float> w, int rows, int columns, SurveyOptions options, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Stopwatch clock = Stopwatch.StartNew();
        PeerMatrix matrix = new(w, rows, columns);
        ThreadWorkers workers = new(options.Threads);
        Candidate[] candidates = [
            .. PeerCandidates.Of(matrix, options.Rates),
            .. OwnCandidates.Of(matrix, options, workers, new SurveyClock(options.TimeLimit, options.Threads))];
        SurveyRow[] results = RunAll(candidates, matrix, options, workers, progress, cancellation);
        bool[] rounding = Array.ConvertAll(candidates, candidate => PeerCandidates.IsRounding(candidate.Family));
        RoundingCurve curve = new(
            results.Where((row, i) => rounding[i] && row.Error is not null)
                .Select(row => (row.BitsPerWeight!.Value, row.Error!.Value)));
        SurveyRow[] judged = Array.ConvertAll(
            results,
            row => row with { BitsSaved = row.Error is { } error ? curve.BitsFor(error) - row.BitsPerWeight : null });
        List<SurveyRow> sorted = [];
        List<RateConclusion> conclusions = [];
        foreach (double rate in options.Rates)
        {
            SurveyRow[] group = [
                .. judged.Where(row => row.Rate == rate)
                    .OrderBy(row => row.Error ?? double.PositiveInfinity)
                    .ThenBy(row => row.BitsPerWeight)];
            if (group.Length > 0 && group[0].Error is { } min)
            {
                group[0] = group[0] with { Best = true };
                conclusions.Add(new RateConclusion(
                    rate,
                    group[0],
                    Array.Find(group, row => row.Own && row.Error is not null),
                    Array.Find(group, row => row.Error is not null && PeerCandidates.IsRounding(row.Family)),
                    curve.ErrorAt(group[0].BitsPerWeight!.Value),
                    curve.BitsFor(min)));
            }

            sorted.AddRange(group);
        }

        return new SurveyReport(
            [rows, columns], sorted, [.. judged.Where((_, i) => rounding[i])], conclusions, clock.Elapsed.TotalSeconds);
    }

    private static SurveyRow[] RunAll(
        Candidate[] candidates,
        PeerMatrix matrix,
        SurveyOptions options,
        IWorkers workers,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(Math.Min(options.TimeLimit, int.MaxValue / 1000)));
        Distances distances = new(matrix.Values);
        CancellationToken token = limit.Token;
        SurveyProgress shares = new(candidates.Select(candidate => candidate.Weight), progress);
        SurveyRow[] rows = new SurveyRow[candidates.Length];
        workers.For(candidates.Length, i =>
        {
            rows[i] = RunOne(candidates[i], distances, matrix, shares.Of(i), token);
            cancellation.ThrowIfCancellationRequested();
            shares.Of(i).Report(1);
        });
        return rows;
    }

    private static SurveyRow RunOne(
        Candidate candidate,
        Distances distances,
        PeerMatrix matrix,
        IProgress<double> progress,
        CancellationToken limit)
    {
        long start = Stopwatch.GetTimestamp();
        CandidateResult result;
        try
        {
            limit.ThrowIfCancellationRequested();
            result = candidate.Run(progress, limit);
        }
        catch (OperationCanceledException)
        {
            result = new CandidateResult(null, 0, 0, candidate.Name, TimeLimit);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        (double? error, double? meanAbs) = result.Values is null ? (null, null) : distances.To(result.Values);
        bool measured = error is not null;
        return new SurveyRow
        {
            Representation = result.Name,
            BitsPerWeight = result.Values is null ? null : 8.0 * result.StoredBytes / matrix.Values.Length,
            Error = error,
            MeanAbsOverStd = measured ? meanAbs : null,
            Parameters = result.Values is null ? null : result.Parameters,
            Seconds = seconds,
            Status = result.Values is not null && !measured ? NotFinite : result.Status,
            Family = candidate.Family,
            Own = candidate.Own,
            Rate = candidate.Rate,
            StoredBytes = result.Values is null ? null : result.StoredBytes,
        };
    }
}
