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
    /// Whether the converted model runs with rounded activations (<c>flat.activations=int8</c>); what that adds is
    /// reported too.
    /// </summary>
    public bool RoundsActivations { get; init; }

    /// <summary>Threads within an operator; 0 leaves it to ONNX Runtime.</summary>
    public int Threads { get; init; }

    /// <summary>Whether intermediate values are compared too.</summary>
    public bool PerLayer { get; init; }
}
