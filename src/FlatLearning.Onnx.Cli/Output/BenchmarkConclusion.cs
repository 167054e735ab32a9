using System.Globalization;
using FlatLearning.Onnx.Evaluation.Benchmarking;

namespace FlatLearning.Onnx.Cli.Output;

/// <summary>
/// What a benchmark comes to, in one line per batch: speed and session memory as multiples of the first model's.
/// </summary>
internal static class BenchmarkConclusion
{
    /// <summary>The line for a batch; null with a single model.</summary>
    /// <param name="report">The report.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="name">How to call a model and its variant.</param>
    public static string? Of(BenchmarkReport report, int batch, Func<string, string, string> name)
    {
        BenchmarkRatio? best = report.Ratios.Where(ratio => ratio.Batch == batch).MaxBy(ratio => ratio.Median);
        if (best is null)
        {
            return null;
        }

        (string model, string against) = (name(best.Model, best.Variant), name(best.Against, best.AgainstVariant));
        string memory = best.Memory is { } share
            ? string.Create(CultureInfo.InvariantCulture, $", memory {share:0.00}")
            : string.Empty;

        // A range of ratios with 1 in it says nothing about which is faster.
        string speed = best is { P10: <= 1, P90: >= 1 }
            ? $"as fast as {against} within noise"
            : string.Create(CultureInfo.InvariantCulture, $"{best.Median:0.00} times as fast as {against}");
        return string.Create(CultureInfo.InvariantCulture, $"batch {batch}, {model}: {speed}{memory}");
    }
}
