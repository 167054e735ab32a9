using FlatLearning.Onnx.Evaluation.Comparison;

namespace FlatLearning.Onnx.Evaluation.Verification;

/// <summary>
/// The answer of <c>convert --verify</c>: what <c>compare</c> says, and whether all ways to run the converted model
/// agree.
/// </summary>
public sealed record VerificationReport
{
    /// <summary>Samples that every model was run on.</summary>
    public required long Samples { get; init; }

    /// <summary>Original against converted, by output.</summary>
    public required IReadOnlyList<OutputReport> Outputs { get; init; }

    /// <summary>Always empty here; <c>compare --per-layer</c> fills it.</summary>
    public IReadOnlyList<LayerReport> Layers { get; init; } = [];

    /// <summary>
    /// Worst relative L2 between the model with the library and the restored model (dense decoded weights); null where
    /// not run.
    /// </summary>
    public required double? LibraryRestored { get; init; }

    /// <summary>
    /// Worst relative L2 between the model without the library and the restored model; null where not run.
    /// </summary>
    public required double? PortableRestored { get; init; }

    /// <summary>Worst relative L2 between the model with and without the library; null where not run.</summary>
    public required double? LibraryPortable { get; init; }

    /// <summary>What these three must stay below: rounding in the element type of the weights.</summary>
    public required double Tolerance { get; init; }

    /// <summary>What was not checked and why, and what the inputs were; one sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>What is wrong; empty where the model passed. One sentence each.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool Passed => Failures.Count == 0;

    /// <summary>The report of a verification that could not be carried out.</summary>
    /// <param name="reason">Why, as a sentence.</param>
    public static VerificationReport NotRun(string reason) => new()
    {
        Samples = 0,
        Outputs = [],
        LibraryRestored = null,
        PortableRestored = null,
        LibraryPortable = null,
        Tolerance = ConversionVerifier.SingleTolerance,
        Notes = [],
        Failures = [reason],
    };
}
