using System.Diagnostics;

namespace FlatLearning.CustomOps.Tests;

/// <summary>Runs a scenario of <see cref="Scenarios"/> in a process of its own.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>The last line that the process printed; fails the test where it did not end with status 0.</summary>
    public static string Run(params string[] arguments) => RunWith(null, arguments);

    /// <summary>
    /// The same in one build of the library, <c>avx2</c> or <c>avx512</c>; the child fails where it runs in another.
    /// Null leaves that to the library.
    /// </summary>
    public static string RunWith(string? variant, params string[] arguments) =>
        RunWith(variant, null, null, arguments);

    /// <summary>
    /// The same with the number of elements up to which codes are kept decoded; null leaves it to the library.
    /// </summary>
    public static string RunKeeping(string? elements, string? variant, params string[] arguments) =>
        RunWith(variant, elements, null, arguments);

    /// <summary>The same with the operators for CUDA registered, whatever the host has.</summary>
    public static string RunWithCuda(params string[] arguments) => RunWith(null, null, "on", arguments);

    private static string RunWith(string? variant, string? kept, string? cuda, string[] arguments)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["FLAT_CUSTOM_OPS_VARIANT"] = variant == "avx2" ? variant : null;
        start.Environment[NativeHost.ExpectedVariant] = variant;
        start.Environment["FLAT_CUSTOM_OPS_KEEP"] = kept;
        start.Environment["FLAT_CUSTOM_OPS_CUDA"] = cuda;
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            Assert.Fail($"The scenario '{string.Join(' ', arguments)}' did not end within {Patience}.");
        }

        Assert.True(
            process.ExitCode == 0,
            $"The scenario '{string.Join(' ', arguments)}' ended with status {process.ExitCode}: {output.Result} "
                + $"{errors.Result}");
        return output.Result.TrimEnd().Split('\n')[^1];
    }
}
