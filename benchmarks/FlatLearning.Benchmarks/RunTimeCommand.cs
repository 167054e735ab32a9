using System.Diagnostics;
using System.Globalization;
using FlatLearning.Onnx.Comparison;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>run-time --models DIR --library FILE [--rounds N]</c>: time of one run of each model, original, converted to 4 bits without the library, and with it; interleaved in
/// one process on made-up inputs, median and 10th to 90th percentile of the ratios original / converted (above 1 is faster than the original).
/// </summary>
internal static class RunTimeCommand
{
    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        string library = Path.GetFullPath(options.Required("--library"));
        int rounds = options.Number("--rounds", 200);
        Console.WriteLine("| model | original ms | functions ms | library ms | original / functions | original / library |\n|---|---|---|---|---|---|");
        foreach (string path in Directory.GetFiles(options.Required("--models"), "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            DirectoryInfo scratch = Directory.CreateTempSubdirectory("flat-run-time-");
            try
            {
                string converted = Path.Combine(scratch.FullName, "model.onnx");
                (ConversionReport report, _) = ConversionJob.Run(path, converted, new ConvertOptions(), ConversionTarget.New);
                if (report.Converted > 0)
                {
                    Measure(path, converted, library, rounds);
                }
            }
            finally
            {
                scratch.Delete(recursive: true);
            }
        }

        return 0;
    }

    private static void Measure(string original, string converted, string library, int rounds)
    {
        using ModelRunner first = ModelRunner.Open(original);
        using ModelRunner functions = ModelRunner.Open(converted);
        using ModelRunner kernels = ModelRunner.Open(converted, new RunnerOptions { CustomOpsLibrary = library });
        ComparisonSample sample = new SyntheticInputSource(OnnxModelFile.Load(original)).Prepare(first).Samples.First();
        ModelRunner[] runners = [first, functions, kernels];
        double[][] times = [new double[rounds], new double[rounds], new double[rounds]];
        for (int round = -10; round < rounds; round++)
        {
            for (int i = 0; i < runners.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                _ = runners[i].Run(sample.Inputs);
                if (round >= 0)
                {
                    times[i][round] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                }
            }
        }

        string Ratio(int i)
        {
            double[] ratios = [.. times[0].Zip(times[i], (a, b) => a / b).Order()];
            return string.Create(CultureInfo.InvariantCulture, $"{ratios[rounds / 2]:0.00} ({ratios[rounds / 10]:0.00} to {ratios[rounds * 9 / 10]:0.00})");
        }

        string Median(int i) => times[i].Order().ElementAt(rounds / 2).ToString("0.000", CultureInfo.InvariantCulture);
        Console.WriteLine($"| {Path.GetFileNameWithoutExtension(original)} | {Median(0)} | {Median(1)} | {Median(2)} | {Ratio(1)} | {Ratio(2)} |");
    }
}
