namespace FlatLearning.Onnx.Cli.Tests.Support;

/// <summary>Runs the command line in this process.</summary>
internal static class Tool
{
    // A command that takes this long on a small model hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs one command to its end.</summary>
    public static async Task<CliResult> RunAsync(params string[] arguments)
    {
        using StringWriter stdout = new();
        using StringWriter stderr = new();
        int status = await CommandLine.RunAsync(arguments, stdout, stderr).WaitAsync(Patience);
        return new CliResult(status, stdout.ToString(), stderr.ToString());
    }
}
