using FlatLearning.Onnx.Evaluation.Runtime;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>What one run is fed with, and what is known of its result.</summary>
internal sealed record ComparisonSample
{
    /// <summary>Every input that the model requires, by name.</summary>
    public required IReadOnlyDictionary<string, OrtTensor> Inputs { get; init; }

    /// <summary>
    /// How many samples this run counts for: its rows where they were cut from longer arrays, else 1.
    /// </summary>
    public int Count { get; init; } = 1;

    /// <summary>
    /// The right answers of these rows: class numbers or target values; null where they are not known.
    /// </summary>
    public OrtTensor? Labels { get; init; }

    /// <summary>Outputs to expect, by name, where the source has some; else empty.</summary>
    public IReadOnlyDictionary<string, OrtTensor> Expected { get; init; } = new Dictionary<string, OrtTensor>();
}
