using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace FlatLearning.Testing;

/// <summary>
/// Runs this test assembly's own <c>Main</c> in a process where vector instructions are switched off.
/// </summary>
internal static class InstructionSetProcess
{

    /// <summary>
    /// Starts a child and waits; the test fails where the child does, or where its vectors are wider than asked for.
    /// </summary>
    /// <param name="width">The widest vectors that the child may use.</param>
    /// <param name="assembly">The path of the test assembly.</param>
    public static async Task RunAsync(int width, string assembly)
    {
        // The command that starts .NET programs; the process of a test run is not always it.
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
            ?? (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
                ? Environment.ProcessPath!
                : "dotnet");
        ProcessStartInfo start =
            new(host, ["exec", assembly, $"{width}"]) { RedirectStandardOutput = true, RedirectStandardError = true };

        // Two spellings: .NET 10 renamed the AVX-512 switch.
        start.Environment["DOTNET_EnableAVX512F"] = "0";
        start.Environment["DOTNET_EnableAVX512"] = "0";
        start.Environment["DOTNET_EnableAVX2"] = width < 256 ? "0" : "1";
        start.Environment["DOTNET_EnableHWIntrinsic"] = width < 128 ? "0" : "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"with vectors of at most {width} bits: {await output}{await error}");
    }

    /// <summary>In the child: checks the width and runs the checks. Returns the exit code.</summary>
    public static int RunChecks(string[] arguments, params Action[] checks)
    {
        if (arguments.Length != 1 || arguments[0] != $"{WidestVector}")
        {
            Console.Error.WriteLine($"expected vectors of {string.Join(' ', arguments)} bits, found {WidestVector}");
            return 2;
        }

        foreach (Action check in checks)
        {
            check();
        }

        return 0;
    }

    /// <summary>Bits of the widest accelerated vectors, at most 512.</summary>
    private static int WidestVector =>
        Vector512.IsHardwareAccelerated
            ? 512
            : Vector256.IsHardwareAccelerated
            ? 256
            : Vector128.IsHardwareAccelerated
            ? 128
            : 0;
}
