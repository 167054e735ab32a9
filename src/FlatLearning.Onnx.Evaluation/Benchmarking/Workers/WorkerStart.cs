using System.Reflection;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>
/// How a program starts itself again as a worker: a process that calls <see cref="WorkerLoop.Run"/> on its standard
/// streams.
/// </summary>
/// <param name="File">The program.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record WorkerStart(string File, IReadOnlyList<string> Arguments)
{
    private const string Host = "dotnet";
    private const string HostVariable = "DOTNET_HOST_PATH";

    /// <summary>
    /// Starts an executable assembly, whether or not it is the one that this process was started from.
    /// </summary>
    /// <param name="assembly">The assembly with the entry point.</param>
    /// <param name="verb">Its argument that means the worker.</param>
    public static WorkerStart Of(Assembly assembly, string verb)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        string own = Environment.ProcessPath ?? string.Empty;
        string name = System.IO.Path.GetFileNameWithoutExtension(own);
        return name == assembly.GetName().Name
            ? new WorkerStart(own, [verb])
            : new WorkerStart(
                name == Host ? own : Environment.GetEnvironmentVariable(HostVariable) ?? Host,
                [assembly.Location, verb]);
    }
}
