using FlatLearning.Fitting.Codes;
using System.Globalization;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Benchmarking;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>run-time --models DIR --library FILE [--seconds N] [--bits N] [--batch N] [--threads N]</c>: each model,
/// original, converted, and converted with the library, through <see cref="ModelBenchmark"/>: in processes of their
/// own, in turns. Ratios are median (10th to 90th percentile over the rounds) and above 1 where faster than the
/// original.
/// </summary>
internal static class RunTimeCommand
{
    /// <summary>The command of the child processes.</summary>
    public const string Worker = "bench-worker";

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        Console.WriteLine(
            "| model | original ms | functions ms | library ms | original / functions | original / library | "
                + "library / original memory |\n|---|---|---|---|---|---|---|");
        foreach (string path in Directory.GetFiles(options.Required("--models"), "*.onnx", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            DirectoryInfo scratch = Directory.CreateTempSubdirectory("flat-run-time-");
            try
            {
                string converted = Path.Combine(scratch.FullName, "model.onnx");
                (ConversionReport report, _) = ConversionJob.Run(
                    path,
                    converted,
                    new ConvertOptions { Plan = new UniformCodesPlan { Bits = options.Number("--bits", 4) } },
                    ConversionTarget.New);
                if (report.Converted > 0)
                {
                    Measure(path, converted, options);
                }
            }
            finally
            {
                scratch.Delete(recursive: true);
            }
        }

        return 0;
    }

    private static void Measure(string original, string converted, Arguments options)
    {
        BenchmarkReport report = ModelBenchmark.Run(
            new BenchmarkRequest
            {
                Models =
                [
                    new BenchmarkModel(original),
                    new BenchmarkModel(converted) { HasOwnLibrary = true },
                    new BenchmarkModel(
                        converted) { HasOwnLibrary = true, Library = Path.GetFullPath(options.Required("--library")) },
                ],
                Batches = options.Has("--batch") ? [options.Number("--batch", 1)] : [],
                Threads = options.Number("--threads", Environment.ProcessorCount),
                Seconds = options.Number("--seconds", 3),
            },
            WorkerStart.Of(typeof(RunTimeCommand).Assembly, Worker));
        string times =
            string.Join(" | ", report.Runs.Select(run => run.MedianMs.ToString("0.000", CultureInfo.InvariantCulture)));
        string ratios = string.Join(
            " | ",
            report.Ratios.Select(
                ratio => string.Create(
                    CultureInfo.InvariantCulture, $"{ratio.Median:0.00} ({ratio.P10:0.00} to {ratio.P90:0.00})")));
        string memory = report.Ratios[^1].Memory?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-";
        Console.WriteLine($"| {Path.GetFileNameWithoutExtension(original)} | {times} | {ratios} | {memory} |");
    }
}
