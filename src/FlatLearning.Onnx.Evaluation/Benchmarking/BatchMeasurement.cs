using System.Diagnostics;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>
/// Measures all contestants at one batch: each in a process of its own, one running while the others wait, in rounds.
/// </summary>
internal sealed class BatchMeasurement(
    BenchmarkRequest request, BenchmarkPlan plan, BatchPlan batch, MachineFigures machine, WorkerStart start)
{
    // Ratios are taken per round, so their spread needs some; a slice should still hold many runs of a fast model.
    private const int MaxRounds = 30;
    private const int MinRounds = 5;
    private const double ShortestSlice = 0.1;
    private const int MaxSessions = 64;
    private const int CachesOver = 2;

    /// <summary>Measures.</summary>
    /// <param name="progress">Told the part that is done.</param>
    /// <param name="cancellation">Ends everything, the children included.</param>
    public (IReadOnlyList<BenchmarkRun> Runs, IReadOnlyList<BenchmarkRatio> Ratios) Run(
        IProgress<double>? progress, CancellationToken cancellation)
    {
        List<WorkerProcess> workers = [];
        try
        {
            BenchmarkRun[] runs = [.. plan.Contestants.Select((contestant, i) =>
            {
                workers.Add(new WorkerProcess(start, $"'{contestant.Path}'"));
                return Load(workers[i], contestant, batch.Work[i], cancellation);
            })];
            IReadOnlyList<SliceReply>[] rounds = Alternate(workers, progress, cancellation);
            BenchmarkRun[] timed = [.. runs.Select((run, i) => Timed(run, rounds[i]))];
            return (timed, [
                .. Enumerable.Range(1, runs.Length - 1).Select(i => Ratio(timed[i], timed[0], rounds[i], rounds[0]))]);
        }
        finally
        {
            workers.ForEach(worker => worker.Dispose());
        }
    }

    /// <summary>Ratios of the medians of the same round: what the machine did in that round falls on both.</summary>
    internal static Quantiles Ratios(
        IEnumerable<IReadOnlyList<double>> first, IEnumerable<IReadOnlyList<double>> other) =>
        Quantiles.Of(first.Zip(other, (a, b) => Quantiles.Of(a).Median / Quantiles.Of(b).Median));

    private BenchmarkRun Load(
        WorkerProcess worker, Contestant contestant, ProductWork work, CancellationToken cancellation)
    {
        MemoryReply load =
            worker.Ask<MemoryReply>(new LoadRequest(contestant, request.Threads), "loading it", cancellation);
        MemoryReply first = worker.Ask<MemoryReply>(new BindRequest(batch.File), "running it", cancellation);
        int sessions = request.OutOfCache && work.WeightBytes > 0
            ? (int)Math.Clamp((CachesOver * machine.LastLevelCacheBytes / work.WeightBytes) + 1, 1, MaxSessions)
            : 1;
        if (sessions > 1)
        {
            worker.Ask<MemoryReply>(new CopyRequest(sessions), $"loading it {sessions} times", cancellation);
        }

        // Everything that runs for the first time is compiled and allocated here, and the next child loads beside a
        // quiet one.
        worker.Ask<SliceReply>(new SliceRequest(ShortestSlice), "running it", cancellation);
        return new BenchmarkRun
        {
            Model = contestant.Path,
            Variant = contestant.Variant,
            Library = contestant.Library,
            Batch = batch.Batch,
            Threads = request.Threads,
            LoadMs = load.Milliseconds,
            FirstRunMs = first.Milliseconds,
            Sessions = sessions,
            PeakMemoryBytes = first.PeakBytes,
            ResidentMemoryBytes = first.ResidentBytes - load.ResidentBytes,
            Products = work.Products,
            WeightBytes = work.WeightBytes,
            Flops = work.Flops,
        };
    }

    private IReadOnlyList<SliceReply>[] Alternate(
        List<WorkerProcess> workers, IProgress<double>? progress, CancellationToken cancellation)
    {
        List<SliceReply>[] rounds = [.. workers.Select(_ => new List<SliceReply>())];
        int count = (int)Math.Clamp(request.Seconds / ShortestSlice, MinRounds, MaxRounds);
        Stopwatch clock = Stopwatch.StartNew();
        double budget = request.Seconds * workers.Count;
        for (int round = 0; round < count; round++)
        {
            for (int turn = 0; turn < workers.Count; turn++)
            {
                // Another one begins each round: none always follows the same neighbour's heat.
                int i = (round + turn) % workers.Count;
                rounds[i].Add(
                    workers[i].Ask<SliceReply>(new SliceRequest(request.Seconds / count), "running it", cancellation));
                progress?.Report((round + ((turn + 1.0) / workers.Count)) / count);
            }

            // A single run may take longer than its slice.
            if (round + 1 >= MinRounds && clock.Elapsed.TotalSeconds > 2 * budget)
            {
                break;
            }
        }

        return rounds;
    }

    private BenchmarkRun Timed(BenchmarkRun run, IReadOnlyList<SliceReply> rounds)
    {
        Quantiles times = Quantiles.Of(rounds.SelectMany(round => round.Milliseconds));
        double seconds = times.Median / 1000;
        return run with
        {
            MedianMs = times.Median,
            P10Ms = times.P10,
            P90Ms = times.P90,
            TimedRuns = rounds.Sum(round => round.Milliseconds.Count),
            Rounds = rounds.Count,
            QuietMs = Quantiles.Of(rounds.Select(round => round.QuietMilliseconds)).Median,
            Gflops = run.Flops / seconds / 1e9,
            BandwidthShare = run.WeightBytes / seconds / machine.BytesPerSecond,
            PeakShare = run.Flops / seconds / machine.FlopsPerSecond,
        };
    }

    private static BenchmarkRatio Ratio(
        BenchmarkRun run, BenchmarkRun first, IReadOnlyList<SliceReply> rounds, IReadOnlyList<SliceReply> firstRounds)
    {
        Quantiles ratio =
            Ratios(firstRounds.Select(round => round.Milliseconds), rounds.Select(round => round.Milliseconds));
        double? memory = first.ResidentMemoryBytes > 0
            ? (double)run.ResidentMemoryBytes / first.ResidentMemoryBytes
            : null;
        return new BenchmarkRatio(
            run.Model, run.Variant, first.Model, first.Variant, run.Batch, ratio.Median, ratio.P10, ratio.P90, memory);
    }
}
