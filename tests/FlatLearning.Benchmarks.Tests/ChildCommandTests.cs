using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FlatLearning.Benchmarks.Tests;

/// <summary>Benchmarks start children of themselves, however they were started.</summary>
public sealed class ChildCommandTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "FlatLearning.Benchmarks");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string[] Shapes =
        ["kernel-shapes", "--k", "64", "--n", "64", "--layers", "1", "--contenders", "fp32", "--rows", "1",
            "--rounds", "1", "--threads", "1"];

    [Fact]
    public Task KernelShapes_AsDotnetWithTheAssembly_MeasuresInAChild() =>
        MeasuresAsync(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Program + ".dll", .. Shapes]);

    [Fact]
    public Task KernelShapes_AsItsOwnExecutable_MeasuresInAChild() =>
        MeasuresAsync(OperatingSystem.IsWindows() ? Program + ".exe" : Program, Shapes);

    private static async Task MeasuresAsync(string file, string[] arguments)
    {
        ProcessStartInfo start = new(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_ROOT"] =
            Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(process.ExitCode == 0, $"status {process.ExitCode}: {await errors}");
        Assert.Contains("\n| 1 | ", await output, StringComparison.Ordinal);
    }
}
