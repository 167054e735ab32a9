using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.Onnx.Evaluation.Runtime;

/// <summary>
/// Libraries of custom operators of others, without which a model does not load. Every session registers them that is
/// created by the work which asked for them, or by a process that it starts.
/// </summary>
public static class OtherLibraries
{
    /// <summary>The environment variable that hands them to a process: files, separated as in PATH.</summary>
    public const string EnvironmentVariable = "FLAT_ONNX_CUSTOM_OPS";

    private static readonly AsyncLocal<IReadOnlyList<string>?> Given = new();

    /// <summary>The files, for what is called from here on; from the environment unless they are set.</summary>
    /// <exception cref="UsageException">One does not exist, while it is set.</exception>
    public static IReadOnlyList<string> Files
    {
        get => Given.Value
            ?? Environment.GetEnvironmentVariable(EnvironmentVariable)?.Split(
                Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            ?? [];
        set => Given.Value = [.. value.Select(file => Path.GetFullPath(Existing(file)))];
    }

    /// <summary>Registers them on a session to be.</summary>
    /// <exception cref="UsageException">One does not exist.</exception>
    internal static void Register(SessionOptions options)
    {
        foreach (string file in Files)
        {
            options.RegisterCustomOpLibrary(Existing(file));
        }
    }

    /// <summary>Hands them to a process that is about to start.</summary>
    internal static void PassTo(ProcessStartInfo start)
    {
        if (Files is { Count: > 0 } files)
        {
            start.Environment[EnvironmentVariable] = string.Join(Path.PathSeparator, files);
        }
    }

    private static string Existing(string file) =>
        File.Exists(file) ? file : throw new UsageException(Messages.RunnerLibraryMissing(file));
}
