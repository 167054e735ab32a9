using System.Globalization;
using FlatLearning.Onnx.Benchmarking;

namespace FlatLearning.Onnx.Cli.Output;

/// <summary>What a benchmark comes to, in one line per batch.</summary>
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
        string memory = best.Memory is { } share ? string.Create(CultureInfo.InvariantCulture, $", with {share:0.00} of the memory") : string.Empty;
        string speed = best switch
        {
            { P10: > 1 } => string.Create(CultureInfo.InvariantCulture, $"is {best.Median:0.00} times as fast as {against}"),
            { P90: < 1 } => string.Create(CultureInfo.InvariantCulture, $"takes {1 / best.Median:0.00} times as long as {against}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"cannot be told from {against} in speed ({best.P10:0.00} to {best.P90:0.00} times as fast)"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"batch {batch}: {model} {speed}{memory}");
    }
}
