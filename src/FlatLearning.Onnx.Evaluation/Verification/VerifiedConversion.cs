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

    /// <summary>The check that <c>--verify</c> asked for, else null.</summary>
    [JsonPropertyOrder(1)]
    public VerificationReport? Verify { get; init; }
}
