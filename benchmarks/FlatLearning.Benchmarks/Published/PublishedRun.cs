using System.Diagnostics;

namespace FlatLearning.Benchmarks.Published;

/// <summary>
/// The published recipe on one matrix: picks, then the long training. Can be run in parts, so that a comparison may
/// alternate with something else.
/// </summary>
internal sealed class PublishedRun
{
    private readonly PublishedOptions _options;
    private readonly float[] _w;
    private readonly PublishedShape _shape;
    private readonly StopRule _rule;
    private readonly List<Checkpoint> _checkpoints = [];
    private PublishedFit? _fit;
    private double _seconds;
    private double _processor;

    public PublishedRun(float[] w, int rows, int columns, PublishedOptions options)
    {
        (_options, _w) = (options, w);
        _shape = new PublishedShape(rows, columns, options.StateDim, options.Shifts, options.Width);
        _rule = new StopRule(options.Steps);
    }

    public IReadOnlyList<Checkpoint> Checkpoints => _checkpoints;

    /// <summary>Steps done since the picks.</summary>
    public long Steps { get; private set; }

    /// <summary>Wall clock of picks and steps.</summary>
    public double Seconds => _seconds;

    /// <summary>Processor time of picks and steps.</summary>
    public double ProcessorSeconds => _processor;

    /// <summary>Wall clock of the picks alone.</summary>
    public double PickSeconds { get; private set; }

    /// <summary>Whether training has ended, by its last step or by the published rule.</summary>
    public bool Ended { get; private set; }

    /// <summary>
    /// Trains every start for the published number of steps, one thread each, and keeps the one with the smallest error
    /// (the first of equals), its optimiser included.
    /// </summary>
    /// <param name="done">Called with index and error of each pick, one call at a time, in no order.</param>
    public void Pick(Action<int, double>? done = null)
    {
        Measure(() =>
        {
            (double Error, int Index, PublishedFit? Fit) best = (double.PositiveInfinity, int.MaxValue, null);
            Lock gate = new();
            Parallel.For(0, _options.Picks, new ParallelOptions { MaxDegreeOfParallelism = _options.Threads }, index =>
            {
                PublishedFit fit = Start(index);
                for (int step = 0; step < _options.PickSteps; step++)
                {
                    _ = fit.Step();
                }

                double error = fit.Error(_options.StateBits);
                lock (gate)
                {
                    best = (error, index).CompareTo((best.Error, best.Index)) < 0 && !double.IsNaN(error)
                        ? (error, index, fit)
                        : best;
                    done?.Invoke(index, error);
                }
            });
            _fit = (best.Fit ?? Start(0)).With(_w, _options.Threads);
        });
        PickSeconds = _seconds;
    }

    /// <summary>
    /// Goes on for at most so many seconds of wall clock, at least one step, or to the end; <paramref name="reached"/>
    /// gets every checkpoint.
    /// </summary>
    public void Advance(double seconds, Action<Checkpoint>? reached = null)
    {
        if (_fit is null)
        {
            Pick();
        }

        double end = _seconds + seconds;
        while (!Ended && _seconds < end)
        {
            double loss = 0;
            Measure(() =>
            {
                // Up to the next checkpoint, looking at the clock now and then.
                long last = Steps % _options.CheckEvery == 0
                    ? Steps + 1
                    : Math.Min(
                        _options.Steps,
                        Math.Min(Steps + 100, ((Steps / _options.CheckEvery) + 1) * _options.CheckEvery));
                for (; Steps < last; Steps++)
                {
                    loss = _fit!.Step();
                }
            });
            Ended = Steps >= _options.Steps;
            if ((Steps - 1) % _options.CheckEvery == 0)
            {
                Checkpoint checkpoint = new(Steps - 1, loss, _fit!.Error(_options.StateBits), _seconds, _processor);
                _checkpoints.Add(checkpoint);
                Ended |= _rule.Ends(checkpoint.Step, checkpoint.Error);
                reached?.Invoke(checkpoint);
            }
        }
    }

    private PublishedFit Start(int index) =>
        new(
            _shape,
            _w,
            PublishedStart.Draw(_shape, new Random(unchecked((_options.Seed * 100_003) + index))),
            threads: 1);

    private void Measure(Action action)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        action();
        _seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        _processor += (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }
}
