using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using FlatLearning.Onnx.Conversion;

namespace FlatLearning.Onnx.Evaluation.Verification;

/// <summary>
/// The answer of <c>convert</c> with its check; property names are the JSON keys in snake case.
/// </summary>
public sealed record VerifiedConversion : ConversionReport
{
    /// <summary>The report of a conversion that is not checked yet.</summary>
    [SetsRequiredMembers]
    public VerifiedConversion(ConversionReport conversion)
        : base(conversion)
    {
    }

    /// <summary>
    /// Whether ONNX Runtime loads the converted file; null where that was not tried by itself (<c>--verify</c>,
    /// <c>--no-check</c>, dry runs) or the original does not load here either.
    /// </summary>
    [JsonPropertyOrder(1)]
    public bool? Loads { get; init; }

    /// <summary>The check that <c>--verify</c> asked for, else null.</summary>
    [JsonPropertyOrder(1)]
    public VerificationReport? Verify { get; init; }
}
