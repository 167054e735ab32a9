using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.CustomOps;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Verification;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary>
/// The <c>--verify</c> of <c>convert</c>: after the file is written, so that whatever happens here is about the check
/// only.
/// </summary>
internal static class VerificationStep
{
    /// <summary>
    /// Verifies; a model that cannot be run is a failed check, not bad input, since the conversion is done.
    /// </summary>
    /// <exception cref="InterruptedException">Cancelled; the converted file stands.</exception>
    public static VerificationReport Run(
        string input, ConversionReport conversion, InputSource? inputs, int seed, CancellationToken cancellation)
    {
        string? library = FlatLearningLibrary.Find();
        try
        {
            return ConversionVerifier.Verify(input, conversion, library, inputs, seed, cancellation);
        }
        catch (OperationCanceledException exception)
        {
            throw new InterruptedException(CliTexts.InterruptedVerification(conversion.Output), exception);
        }
        catch (Exception exception) when (exception is OnnxModelException or UsageException)
        {
            return VerificationReport.NotRun(exception.Message);
        }
    }
}
