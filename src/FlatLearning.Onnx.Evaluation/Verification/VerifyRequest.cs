using FlatLearning.Onnx.Evaluation.Benchmarking;
using FlatLearning.Onnx.Evaluation.Comparison;

namespace FlatLearning.Onnx.Evaluation.Verification;

/// <summary>
/// Verify a conversion, in a process of its own: a model that crashes ONNX Runtime must not take the caller with it.
/// Answered by a <see cref="VerificationReport"/>.
/// </summary>
/// <param name="Original">The original file.</param>
/// <param name="Conversion">What verification has to know of the conversion.</param>
/// <param name="Library">The custom-operator library; null where there is none.</param>
/// <param name="Inputs">File or folder with samples; null for synthetic ones.</param>
/// <param name="Seed">Start of the random inputs.</param>
internal sealed record VerifyRequest(
    string Original, VerifiedOutput Conversion, string? Library, string? Inputs, int Seed) : WorkerRequest
{
    /// <summary>Does it.</summary>
    public VerificationReport Run() => ConversionVerifier.Verify(
        Original, Conversion, Library, Inputs is null ? null : InputSources.Open(Inputs), Seed);
}
