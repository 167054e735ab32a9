using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FlatLearning.Benchmarks;

/// <summary>What a table of results needs to be reproduced: command, commit, machine, versions.</summary>
internal static class ResultHeader
{
    public static void Write(TextWriter output, string[] arguments)
    {
        output.WriteLine(
            $"`{string.Join(' ', arguments)}`; commit {Commit()}; {Processor()}, {Environment.ProcessorCount} "
            + $"cores, {RuntimeInformation.OSArchitecture};"
            + $" .NET {Environment.Version}; {DateTime.UtcNow:yyyy-MM-dd}");
        output.WriteLine();
    }

    private static string Processor()
    {
        const string Key = "model name";
        string? line = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(text => text.StartsWith(Key, StringComparison.Ordinal))
            : null;
        string model = line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? "unknown processor";
        string simd = System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated
            ? "512"
            : System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated
            ? "256"
            : "128";
        return $"{model} ({simd}-bit vectors)";
    }

    private static string Commit()
    {
        try
        {
            using Process? git = Process.Start(
                new ProcessStartInfo(
                    "git",
                    "describe --always --dirty") { RedirectStandardOutput = true, RedirectStandardError = true });
            return git?.StandardOutput.ReadToEnd().Trim() is { Length: > 0 } text ? text : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
