namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>What a machine can do at best, measured; property names are the JSON keys in snake case.</summary>
/// <param name="Threads">Threads that it was measured with.</param>
/// <param name="BytesPerSecond">Streaming reads from memory.</param>
/// <param name="FlopsPerSecond">Float32 multiplications and additions of the widest registers.</param>
/// <param name="LastLevelCacheBytes">Size of the last-level cache.</param>
public sealed record MachineFigures(
    int Threads, double BytesPerSecond, double FlopsPerSecond, long LastLevelCacheBytes);
