using System.Diagnostics;
using System.Text;

namespace FlatLearning.Packages.Tests.Support;

/// <summary>A program, run to its end.</summary>
internal sealed class Command(string program, params string[] arguments)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>What starts .NET programs.</summary>
    public static string DotNet { get; } = System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>The folder that the program starts in.</summary>
    public string Folder { get; init; } = AppContext.BaseDirectory;

    /// <summary>Environment variables on top of the tests' own; null removes one.</summary>
    public Dictionary<string, string?> Environment { get; init; } = [];

    /// <summary>Bytes for the program's standard input.</summary>
    public byte[] Input { get; init; } = [];

    /// <summary>What it wrote to its standard output as text; fails the test where it ended with an error.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>What it wrote to its standard output; fails the test where it ended with an error.</summary>
    public byte[] Bytes()
    {
        (int status, byte[] output, string errors) = Run();
        Assert.True(
            status == 0,
            $"{program} {string.Join(' ', arguments)}: status {status}\n{Encoding.UTF8.GetString(output)}\n{errors}");
        return output;
    }

    /// <summary>Exit status, standard output and standard error.</summary>
    public (int Status, byte[] Output, string Errors) Run()
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in Environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        using MemoryStream output = new();
        Task reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(Input);
        process.StandardInput.Close();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within {Patience}.");
        }

        reading.Wait();
        return (process.ExitCode, output.ToArray(), errors.Result);
    }
}
