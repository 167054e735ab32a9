namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>One model at one batch; property names are the JSON keys in snake case.</summary>
public sealed record BenchmarkRun
{
    /// <summary>The model's file, as it was given.</summary>
    public required string Model { get; init; }

    /// <summary>How it is run: one of the constants of <see cref="Contestant"/>.</summary>
    public required string Variant { get; init; }

    /// <summary>The library registered, or null.</summary>
    public string? Library { get; init; }

    /// <summary>Batch.</summary>
    public int Batch { get; init; }

    /// <summary>Execution provider.</summary>
    public string Provider { get; init; } = "cpu";

    /// <summary>Threads within an operator.</summary>
    public int Threads { get; init; }

    /// <summary>Milliseconds to create the session, in a process that has had another session before.</summary>
    public double LoadMs { get; init; }

    /// <summary>Milliseconds of the very first run.</summary>
    public double FirstRunMs { get; init; }

    /// <summary>Median milliseconds of a run.</summary>
    public double MedianMs { get; init; }

    /// <summary>10th percentile.</summary>
    public double P10Ms { get; init; }

    /// <summary>90th percentile.</summary>
    public double P90Ms { get; init; }

    /// <summary>Runs that were timed.</summary>
    public int TimedRuns { get; init; }

    /// <summary>Slices that they are from.</summary>
    public int Rounds { get; init; }

    /// <summary>
    /// Median milliseconds, after a slice, until the process used no processor time: ONNX Runtime's threads spin on for
    /// a while. Not part of any time.
    /// </summary>
    public double QuietMs { get; init; }

    /// <summary>Sessions that took turns.</summary>
    public int Sessions { get; init; } = 1;

    /// <summary>The most memory that the process ever had resident, all of it.</summary>
    public long PeakMemoryBytes { get; init; }

    /// <summary>
    /// Memory that one session added: resident after the first run, less what was resident before loading.
    /// </summary>
    public long ResidentMemoryBytes { get; init; }

    /// <summary>Products with constant weights in the main graph.</summary>
    public int Products { get; init; }

    /// <summary>Bytes of weights that they read in a run.</summary>
    public long WeightBytes { get; init; }

    /// <summary>Their operations in a run by formula, or null where the shapes are not known.</summary>
    public double? Flops { get; init; }

    /// <summary>Their operations in 10^9 per second of the median run, all else that the run does included.</summary>
    public double? Gflops { get; init; }

    /// <summary>
    /// Their weights per second over the machine's memory bandwidth; above 1 where they come from caches.
    /// </summary>
    public double BandwidthShare { get; init; }

    /// <summary>Their operations per second over the machine's float32 peak.</summary>
    public double? PeakShare { get; init; }
}
