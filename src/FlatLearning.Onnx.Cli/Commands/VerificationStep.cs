using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.CustomOps;
using FlatLearning.Onnx.Evaluation.Benchmarking;
using FlatLearning.Onnx.Evaluation.Verification;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary>
/// The <c>--verify</c> of <c>convert</c>, and what is checked without it: after the file is written, so that whatever
/// happens here is about the check only, and in a process of its own, since models can crash ONNX Runtime.
/// </summary>
internal static class VerificationStep
{
    /// <summary>
    /// Verifies; a model that cannot be run is a failed check, not bad input, since the conversion is done.
    /// </summary>
    /// <exception cref="InterruptedException">Cancelled; the converted file stands.</exception>
    public static VerificationReport Verify(
        string input, ConversionReport conversion, string? inputs, int seed, CancellationToken cancellation)
    {
        try
        {
            return Ask<VerificationReport>(
                new VerifyRequest(
                    input, VerifiedOutput.Of(conversion), FlatLearningLibrary.Find(), inputs, seed),
                conversion,
                cancellation);
        }
        catch (Exception exception) when (exception is OnnxModelException or UsageException)
        {
            return VerificationReport.NotRun(exception.Message);
        }
    }

    /// <summary>
    /// Opens one session of the converted model; of the original too where that fails, since nothing can be said of a
    /// model that this ONNX Runtime does not load anyway.
    /// </summary>
    /// <exception cref="InterruptedException">Cancelled; the converted file stands.</exception>
    public static LoadCheck Check(string input, ConversionReport conversion, CancellationToken cancellation)
    {
        string? library = FlatLearningLibrary.Find();
        if (library is null && !conversion.Portable)
        {
            return new LoadCheck(Loads: null, CliTexts.NoLibraryToCheckWith());
        }

        if (Failure(new CheckRequest(conversion.Output, library)) is not { } reason)
        {
            return new LoadCheck(Loads: true, null);
        }

        return Failure(new CheckRequest(input, null)) is { } original
            ? new LoadCheck(Loads: null, original)
            : new LoadCheck(Loads: false, reason);

        string? Failure(CheckRequest request)
        {
            try
            {
                return Ask<CheckReply>(request, conversion, cancellation).Failure;
            }
            catch (Exception exception) when (exception is OnnxModelException or UsageException)
            {
                return exception.Message;
            }
        }
    }

    private static T Ask<T>(WorkerRequest request, ConversionReport conversion, CancellationToken cancellation)
        where T : class
    {
        try
        {
            string model = request is CheckRequest check ? check.Model : conversion.Output;
            using WorkerProcess worker = new(WorkerCommand.Start, $"'{model}'");
            return worker.Ask<T>(request, "loading and running it", cancellation);
        }
        catch (OperationCanceledException exception)
        {
            throw new InterruptedException(CliTexts.InterruptedVerification(conversion.Output), exception);
        }
    }
}
