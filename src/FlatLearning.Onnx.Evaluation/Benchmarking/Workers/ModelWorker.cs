using System.Diagnostics;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>The sessions of one model in a child process, and their runs.</summary>
internal sealed class ModelWorker : IDisposable
{
    // Enough for a median; far more would only make the answers long.
    private const int MaxRuns = 1000;

    private readonly List<ModelRunner> _runners = [];
    private readonly List<BoundRun> _runs = [];
    private LoadRequest? _loaded;
    private IReadOnlyDictionary<string, OrtTensor>? _inputs;
    private int _next;

    /// <summary>
    /// Loads the model. ONNX Runtime is brought up before by a session of nothing, so that neither its own time nor its
    /// own memory counts.
    /// </summary>
    public MemoryReply Load(LoadRequest request)
    {
        _loaded = request;
        EmptySession.OpenAndClose(request.Threads);
        GC.Collect();
        MemoryReply before = Memory(0);
        long start = Stopwatch.GetTimestamp();
        _runners.Add(Open());
        return before with { Milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds };
    }

    /// <summary>Reads the inputs and runs once.</summary>
    public MemoryReply Bind(string file)
    {
        _inputs = InputFile.Read(file);
        _runs.Add(_runners[0].Bind(_inputs));
        long start = Stopwatch.GetTimestamp();
        RunNext();
        return Memory(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    /// <summary>Opens further sessions of the same model and runs each once.</summary>
    public MemoryReply Copy(int sessions)
    {
        long start = Stopwatch.GetTimestamp();
        while (_runners.Count < sessions)
        {
            _runners.Add(Open());
            _runs.Add(_runners[^1].Bind(_inputs!));
            _next = _runs.Count - 1;
            RunNext();
        }

        return Memory(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    /// <summary>
    /// Runs for some time, the sessions in turn. The first run wakes the threads and fills the caches, and does not
    /// count.
    /// </summary>
    public SliceReply Slice(double seconds)
    {
        RunNext();
        List<double> times = [];
        long begin = Stopwatch.GetTimestamp();
        do
        {
            long start = Stopwatch.GetTimestamp();
            RunNext();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        while (times.Count < MaxRuns && Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds);
        return new SliceReply(times, Quiet.Wait().TotalMilliseconds);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runs.ForEach(run => run.Dispose());
        _runners.ForEach(runner => runner.Dispose());
    }

    private ModelRunner Open() =>
        ModelRunner.Open(_loaded!.Contestant.Path, _loaded.Contestant.Options(_loaded.Threads));

    private void RunNext()
    {
        try
        {
            _runs[_next].Run();
        }
        catch (OnnxRuntimeException exception)
        {
            throw _runners[_next].CannotRun(_inputs!, exception);
        }

        _next = (_next + 1) % _runs.Count;
    }

    private static MemoryReply Memory(double milliseconds)
    {
        using Process process = Process.GetCurrentProcess();
        return new MemoryReply(milliseconds, process.WorkingSet64, process.PeakWorkingSet64);
    }
}
