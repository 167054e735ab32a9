using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using FlatLearning.Kernels;

namespace FlatLearning.Benchmarks.Kernels;

/// <summary>
/// <c>kernel-suite [--kernels avx512-permute-lut,avx2-shuffle-lut] [--bits 4] [--taps 1] [--rows 1,8]</c>:
/// <see cref="KernelSuite"/> through BenchmarkDotNet, in this process, without ONNX Runtime: every kernel of the
/// catalogue that this processor can run, or those that are named. For work on one kernel; comparisons that are quoted
/// come from <c>kernel-shapes</c>, which takes turns.
/// </summary>
internal static class KernelSuiteCommand
{
    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        string all = string.Join(
            ',', KernelCatalogue.Kernels.Where(info => info.Needs.Missing() is null).Select(info => info.Name));
        KernelSuite.Kernels = options.Text("--kernels", all).Split(',');
        KernelSuite.RowCounts = Array.ConvertAll(options.Text("--rows", "1,8").Split(','), int.Parse);
        (KernelSuite.Bits, KernelSuite.Taps) = (options.Number("--bits", 4), options.Number("--taps", 1));
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("flat-kernel-suite-");
        try
        {
            ManualConfig config = ManualConfig.CreateEmpty()
                .AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance))
                .AddColumnProvider(DefaultColumnProviders.Instance)
                .AddLogger(NullLogger.Instance)
                .WithArtifactsPath(scratch.FullName)
                .WithOptions(ConfigOptions.DisableOptimizationsValidator);
            BenchmarkDotNet.Reports.Summary summary = BenchmarkRunner.Run<KernelSuite>(config);
            MarkdownExporter.GitHub.ExportToLog(summary, ConsoleLogger.Default);
            return summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success) ? 1 : 0;
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }
}
