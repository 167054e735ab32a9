namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>How a model is run. The execution provider is the processor.</summary>
internal sealed record RunnerOptions
{
    /// <summary>The word of <see cref="Activations"/> for products in float32.</summary>
    public const string Exact = "exact";

    /// <summary>What the library does where nothing is said.</summary>
    public const string Usual = "fixed";

    /// <summary>The custom-operator library to register, or null to run on ONNX Runtime alone (portable).</summary>
    public string? CustomOpsLibrary { get; init; }

    /// <summary>
    /// The library's setting <c>flat.activations</c>: exact for products in float32, fixed (the same as null) or int8
    /// for faster rounded ones where few rows are multiplied. Nothing without the library.
    /// </summary>
    public string? Activations { get; init; }

    /// <summary>Threads within an operator; 0 leaves it to ONNX Runtime.</summary>
    public int Threads { get; init; }

    /// <summary>The folder that holds the external data of a model opened from bytes; null where it has none.</summary>
    internal string? ExternalDataFolder { get; init; }
}
