using FlatLearning.Dyn.Metrics;
using FlatLearning.Onnx.Conversion;

namespace FlatLearning.Onnx.Evaluation.Verification;

/// <summary>What verification has to know of a conversion.</summary>
/// <param name="Path">The converted file.</param>
/// <param name="Portable">Whether it runs without the library.</param>
/// <param name="HasRiem">Whether a weight has a riem metric, whose functions are less exact.</param>
internal sealed record VerifiedOutput(string Path, bool Portable, bool HasRiem)
{
    /// <summary>
    /// Whether its weights are blocks of ONNX Runtime's own operators, which there is one way to run.
    /// </summary>
    public bool HasBlocks { get; init; }

    /// <summary>The same of a report.</summary>
    public static VerifiedOutput Of(ConversionReport conversion) => new(
        conversion.Output,
        conversion.Portable,
        conversion.Weights.Any(
            weight => weight.Representation?.StartsWith(MetricKinds.Riem, StringComparison.Ordinal) == true))
    {
        HasBlocks = conversion.HasBlocks,
    };
}
