using System.Reflection;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>
/// How a program starts itself again, for example as a worker: a process that calls <see cref="WorkerLoop.Run"/> on its
/// standard streams.
/// </summary>
/// <param name="File">The program.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record WorkerStart(string File, IReadOnlyList<string> Arguments)
{
    private const string Host = "dotnet";
    private const string HostVariable = "DOTNET_HOST_PATH";

    /// <summary>
    /// Starts an executable assembly, whether or not it is the one that this process was started from, and however that
    /// was: by its own executable, from a single file, or as <c>dotnet program.dll</c>.
    /// </summary>
    /// <param name="assembly">The assembly with the entry point.</param>
    /// <param name="arguments">Its arguments.</param>
    public static WorkerStart Of(Assembly assembly, params IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return Of(
            Environment.ProcessPath ?? string.Empty,
            assembly == Assembly.GetEntryAssembly(),
            System.IO.Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.dll"),
            arguments);
    }

    /// <summary>The same with what is known of this process given.</summary>
    internal static WorkerStart Of(string own, bool isEntry, string assembly, IReadOnlyList<string> arguments)
    {
        bool isHost = System.IO.Path.GetFileNameWithoutExtension(own) == Host;
        return isEntry && !isHost
            ? new WorkerStart(own, arguments)
            : new WorkerStart(
                isHost ? own : Environment.GetEnvironmentVariable(HostVariable) ?? Host, [assembly, .. arguments]);
    }
}
