using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FlatLearning.Cuda.Tests;

/// <summary>NVIDIA's own assembler on all kernels, where there is one: registers, and nothing that does not fit them.
/// </summary>
public sealed partial class PtxasTests
{
    [PtxasTheory]
    [InlineData("sm_75", 184)]
    [InlineData("sm_80", 168)]
    [InlineData("sm_90", 168)]
    public void EveryKernel_Assembled_HasNoSpills(string target, int maxRegisters)
    {
        string folder = Directory.CreateTempSubdirectory("flat-ptxas").FullName;
        try
        {
            Assert.All(PtxText.Kernels, kernel =>
            {
                string file = Path.Combine(folder, $"{kernel}.ptx");
                File.WriteAllBytes(file, PtxText.Read(kernel)[..^1]);
                string report = Run("-v", $"-arch={target}", file, "-o", Path.Combine(folder, "kernel.cubin"));
                Assert.Contains(
                    "0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads", report,
                    StringComparison.Ordinal);
                int registers = int.Parse(Registers().Match(report).Groups[1].Value, CultureInfo.InvariantCulture);
                Assert.InRange(registers, 8, maxRegisters);
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Run(params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(PtxasTheoryAttribute.Ptxas!, arguments) { RedirectStandardError = true })!;
        string report = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, report);
        return report;
    }

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Registers();
}
