using System.Globalization;
using FlatLearning.Onnx.Evaluation.Benchmarking;

namespace FlatLearning.Onnx.Cli.Output;

/// <summary>The text that <c>bench</c> prints; fits into 100 columns.</summary>
internal static class BenchmarkSummary
{
    private const int Width = 100;
    private const int NameWidth = 26;

    /// <summary>Writes a report.</summary>
    public static void Write(TextWriter stdout, BenchmarkReport report)
    {
        foreach (string note in report.Notes)
        {
            stdout.Say($"note: {note}");
        }

        foreach (BenchmarkInputs batch in report.Inputs)
        {
            BenchmarkRun[] runs = [.. report.Runs.Where(run => run.Batch == batch.Batch)];
            BenchmarkRatio[] ratios = [.. report.Ratios.Where(ratio => ratio.Batch == batch.Batch)];
            string inputs =
                string.Create(CultureInfo.InvariantCulture, $"batch {batch.Batch}: {string.Join(", ", batch.Values)}");
            stdout.Say(inputs.Length <= Width ? inputs : $"{inputs[..(Width - 3)]}...");
            WriteTimes(stdout, runs, ratios);
            WriteMemory(stdout, runs);
        }

        if (report.Runs.Any(run => run.Variant == Contestant.WithLibrary))
        {
            stdout.Say("converted models run with the library's own flat.activations=fixed unless they say otherwise");
        }

        MachineFigures machine = report.Machine;
        stdout.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"machine with {machine.Threads} threads: {machine.BytesPerSecond / 1e9:0.0} GB/s from memory, "
                    + $"{machine.FlopsPerSecond / 1e9:0} GFLOP/s float32, "
                    + $"{ByteText.Format(machine.LastLevelCacheBytes)} last-level cache"));
        foreach (BenchmarkInputs batch in report.Inputs)
        {
            if (BenchmarkConclusion.Of(report, batch.Batch, Name) is { } conclusion)
            {
                stdout.Say(conclusion);
            }
        }
    }

    private static void WriteTimes(TextWriter stdout, BenchmarkRun[] runs, BenchmarkRatio[] ratios)
    {
        TextTable table = new("model", ">median ms", ">p10", ">p90", ">times as fast", ">p10", ">p90", ">runs");
        for (int i = 0; i < runs.Length; i++)
        {
            BenchmarkRun run = runs[i];
            BenchmarkRatio? ratio = i == 0 ? null : ratios[i - 1];
            table.Add(
                Name(run.Model, run.Variant),
                Milliseconds(run.MedianMs),
                Milliseconds(run.P10Ms),
                Milliseconds(run.P90Ms),
                Number(ratio?.Median, "0.00"),
                Number(ratio?.P10, "0.00"),
                Number(ratio?.P90, "0.00"),
                run.TimedRuns.ToString(CultureInfo.InvariantCulture));
        }

        table.Write(stdout);
    }

    private static void WriteMemory(TextWriter stdout, BenchmarkRun[] runs)
    {
        TextTable table =
            new("model", ">load ms", ">session", ">peak", ">weights", ">% bandwidth", ">GFLOP/s", ">% peak");
        foreach (BenchmarkRun run in runs)
        {
            table.Add(
                Name(run.Model, run.Variant),
                Milliseconds(run.LoadMs),
                ByteText.Format(Math.Max(run.ResidentMemoryBytes, 0)),
                ByteText.Format(run.PeakMemoryBytes),
                ByteText.Format(run.WeightBytes),
                Number(100 * run.BandwidthShare, "0"),
                Number(run.Gflops, "0.0"),
                Number(100 * run.PeakShare, "0"));
        }

        table.Write(stdout);
    }

    private static string Name(string model, string variant)
    {
        string suffix = variant switch
        {
            Contestant.WithoutLibrary => " (portable)",
            Contestant.Exact => " (exact)",
            Contestant.Rounded => " (int8)",
            _ => string.Empty,
        };
        string file = Path.GetFileName(model);
        int room = NameWidth - suffix.Length;
        return (file.Length <= room ? file : $"...{file[^(room - 3)..]}") + suffix;
    }

    private static string Milliseconds(double value) =>
        value.ToString(value < 10 ? "0.000" : value < 1000 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Number(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
