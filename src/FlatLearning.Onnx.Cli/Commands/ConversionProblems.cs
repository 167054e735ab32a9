using FlatLearning.Onnx.Cli.Output;
using FlatLearning.Onnx.Evaluation.Verification;
using FlatLearning.Onnx.Planning;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary>What is wrong with a model that was converted all the same.</summary>
internal static class ConversionProblems
{
    /// <summary>Writes a sentence for each.</summary>
    /// <param name="stderr">Where they go.</param>
    /// <param name="output">The converted model.</param>
    /// <param name="report">What was done.</param>
    /// <param name="missed">The target that was asked for and not met; else null.</param>
    /// <param name="check">Whether ONNX Runtime loads the model; null where that was not looked at.</param>
    /// <returns>The exit status that goes with them.</returns>
    public static int Write(
        TextWriter stderr, string output, VerifiedConversion report, TargetReport? missed, LoadCheck? check)
    {
        string[] faulty = [.. report.Weights.Where(weight => weight.Faulty).Select(weight => weight.Name)];
        if (faulty.Length > 0)
        {
            stderr.WriteLine($"flat-onnx: {SentenceText.OneLine(CliTexts.WeightsNotFinite(faulty))}");
        }

        if (missed is not null)
        {
            stderr.WriteLine($"flat-onnx: {CliTexts.TargetMissed(missed)}");
        }

        if (check is { Loads: not true, Reason: { } reason })
        {
            string sentence =
                check.Loads is null ? CliTexts.NotChecked(output, reason) : CliTexts.DoesNotLoad(output, reason);
            stderr.WriteLine($"flat-onnx: {SentenceText.OneLine(sentence)}");
        }

        foreach (string disagreement in report.Verify?.Failures ?? [])
        {
            stderr.WriteLine($"flat-onnx: {SentenceText.OneLine(CliTexts.VerificationFailed(disagreement))}");
        }

        return faulty.Length > 0 || report.Loads == false
            || report.Verify is { Passed: false } || missed is not null
            ? ExitCode.CheckFailed
            : ExitCode.Done;
    }
}
