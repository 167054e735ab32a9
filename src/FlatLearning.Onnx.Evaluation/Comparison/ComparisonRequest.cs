namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>What to compare, on what.</summary>
public sealed record ComparisonRequest
{
    /// <summary>The original model's file.</summary>
    public required string Original { get; init; }

    /// <summary>The other model's file.</summary>
    public required string Converted { get; init; }

    /// <summary>The inputs; null for <see cref="SyntheticInputSource"/> with its defaults.</summary>
    public InputSource? Inputs { get; init; }

    /// <summary>The custom-operator library, registered for both models; null for ONNX Runtime alone.</summary>
    public string? CustomOpsLibrary { get; init; }

    /// <summary>
    /// The library's setting <c>flat.activations</c> for the converted model: <c>exact</c>, or <c>fixed</c> or
    /// <c>int8</c>, of which it is reported too what they add. Null for the library's own, <c>fixed</c>.
    /// </summary>
    public string? Activations { get; init; }

    /// <summary>Threads within an operator; 0 leaves it to ONNX Runtime.</summary>
    public int Threads { get; init; }

    /// <summary>Whether intermediate values are compared too.</summary>
    public bool PerLayer { get; init; }
}
