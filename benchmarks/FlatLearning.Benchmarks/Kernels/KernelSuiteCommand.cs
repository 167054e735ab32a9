using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace FlatLearning.Benchmarks.Kernels;

/// <summary>
/// <c>kernel-suite --library FILE [--rows 1,8] [--contenders fp32,nbits,dyn4x1]</c>: <see cref="ProductSuite"/> through
/// BenchmarkDotNet, in this process, a minute or two. For work on one kernel; comparisons that are quoted come from
/// <c>kernel-shapes</c>, which takes turns.
/// </summary>
internal static class KernelSuiteCommand
{
    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        ProductSuite.Library = Path.GetFullPath(options.Required("--library"));
        ProductSuite.Contenders = options.Text("--contenders", "fp32,nbits,dyn4x1,dyn4x4,dyn3x1,dyn3x4,dyn2x1")
            .Split(',');
        ProductSuite.RowCounts = Array.ConvertAll(options.Text("--rows", "1,8").Split(','), int.Parse);
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("flat-kernel-suite-");
        try
        {
            ManualConfig config = ManualConfig.CreateEmpty()
                .AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance))
                .AddColumnProvider(DefaultColumnProviders.Instance)
                .AddLogger(NullLogger.Instance)
                .WithArtifactsPath(scratch.FullName)
                .WithOptions(ConfigOptions.DisableOptimizationsValidator);
            BenchmarkDotNet.Reports.Summary summary = BenchmarkRunner.Run<ProductSuite>(config);
            MarkdownExporter.GitHub.ExportToLog(summary, ConsoleLogger.Default);
            return summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success) ? 1 : 0;
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }
}
