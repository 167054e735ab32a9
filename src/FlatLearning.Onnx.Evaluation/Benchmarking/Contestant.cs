using FlatLearning.Onnx.Evaluation.Comparison;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>A model in one way to run it.</summary>
/// <param name="Path">The model's file.</param>
/// <param name="Library">The library registered, or null.</param>
/// <param name="Variant">One of the constants below.</param>
internal sealed record Contestant(string Path, string? Library, string Variant)
{
    /// <summary>A model without DynMatMul nodes.</summary>
    public const string Plain = "plain";

    /// <summary>A converted model with a library.</summary>
    public const string WithLibrary = "library";

    /// <summary>A converted model with a library and activations in float32.</summary>
    public const string Exact = "library exact";

    /// <summary>A converted model with a library and rounded activations.</summary>
    public const string Rounded = "library int8";

    /// <summary>A converted model without one: through its model-local functions.</summary>
    public const string WithoutLibrary = "portable";

    /// <summary>How it is run on some threads.</summary>
    internal RunnerOptions Options(int threads) =>
        new()
        {
            CustomOpsLibrary = Library,
            Threads = threads,
            Activations = Variant switch
            {
                Rounded => "int8",
                Exact => RunnerOptions.Exact,
                _ => null,
            },
        };
}
