using System.Text.Json.Serialization;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>The answer of <c>compare</c>; property names are the JSON keys in snake case.</summary>
public sealed record ComparisonReport
{
    /// <summary>The original model's file.</summary>
    public required string Original { get; init; }

    /// <summary>The other model's file.</summary>
    public required string Converted { get; init; }

    /// <summary>Samples that both models were run on.</summary>
    public required long Samples { get; init; }

    /// <summary>Runs of each model.</summary>
    public required long Runs { get; init; }

    /// <summary>Where the inputs came from.</summary>
    public required string Inputs { get; init; }

    /// <summary>Every output, in the original's order.</summary>
    public required IReadOnlyList<OutputReport> Outputs { get; init; }

    /// <summary>Intermediate values, those of converted operators first; empty where not asked for.</summary>
    public required IReadOnlyList<LayerReport> Layers { get; init; }

    /// <summary>
    /// The converted model's outputs against those that the test data expects; empty where there are none.
    /// </summary>
    public required IReadOnlyList<OutputReport> Expected { get; init; }

    /// <summary>
    /// The library's setting <c>flat.activations</c> in the converted model; null without the library.
    /// </summary>
    public string? Activations { get; init; }

    /// <summary>
    /// The converted model with rounded activations against the same without; null where that was not asked for.
    /// </summary>
    public IReadOnlyList<OutputReport>? Rounding { get; init; }

    /// <summary>Both models against labels; null without labels.</summary>
    public required TaskReport? Task { get; init; }

    /// <summary>What a user should know of the inputs.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>
    /// What is wrong whatever was asked for: elements that became NaN or infinite, outputs that became zero throughout.
    /// One sentence each.
    /// </summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>The exact measures behind <see cref="Outputs"/>, infinities included.</summary>
    [JsonIgnore]
    internal IReadOnlyList<OutputStatistics> Statistics { get; init; } = [];
}
