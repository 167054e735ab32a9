namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>What to measure, and how.</summary>
public sealed record BenchmarkRequest
{
    /// <summary>The models; ratios are against the first.</summary>
    public required IReadOnlyList<BenchmarkModel> Models { get; init; }

    /// <summary>The library for converted models; null where there is none.</summary>
    public string? DefaultLibrary { get; init; }

    /// <summary>Whether converted models that run with the library are measured without it as well.</summary>
    public bool Portable { get; init; }

    /// <summary>
    /// What else <c>flat.activations</c> shall be for converted models that run with the library: <c>exact</c> or
    /// <c>int8</c>; null for the library's own, <c>fixed</c>, alone.
    /// </summary>
    public string? OtherActivations { get; init; }

    /// <summary>Batch sizes; empty for 1 where a model leaves the batch open, and else what it fixes.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [];

    /// <summary>Shapes of made-up inputs by name.</summary>
    public IReadOnlyDictionary<string, long[]> Shapes { get; init; } = new Dictionary<string, long[]>();

    /// <summary>A file or folder to take the inputs from; null to make them up.</summary>
    public string? Inputs { get; init; }

    /// <summary>Start of the made-up values.</summary>
    public int Seed { get; init; }

    /// <summary>Threads within an operator, and of the machine's own figures; at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Seconds to measure each model at each batch.</summary>
    public double Seconds { get; init; } = 5;

    /// <summary>
    /// Whether each process rotates through as many sessions as it takes for their weights not to fit into the
    /// last-level cache.
    /// </summary>
    public bool OutOfCache { get; init; }
}
