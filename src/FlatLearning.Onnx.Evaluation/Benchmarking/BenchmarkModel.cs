namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>A model to measure.</summary>
/// <param name="Path">Its file.</param>
public sealed record BenchmarkModel(string Path)
{
    /// <summary>
    /// The custom-operator library to register; null for none. Used where <see cref="HasOwnLibrary"/> says so.
    /// </summary>
    public string? Library { get; init; }

    /// <summary>
    /// Whether <see cref="Library"/> decides; else a model with DynMatMul nodes gets
    /// <see cref="BenchmarkRequest.DefaultLibrary"/> and any other none.
    /// </summary>
    public bool HasOwnLibrary { get; init; }
}
