using System.CommandLine;
using FlatLearning.Onnx.Evaluation.Benchmarking;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary><c>flat-onnx worker</c>: how other verbs start their child processes; of no use to people.</summary>
internal static class WorkerCommand
{
    /// <summary>The verb.</summary>
    public const string Name = "worker";

    /// <summary>How it is started.</summary>
    public static WorkerStart Start { get; } = WorkerStart.Of(typeof(WorkerCommand).Assembly, Name);

    /// <summary>Creates the verb.</summary>
    public static Command Create(TextWriter stdout)
    {
        Command command = new(Name, "Runs models for other verbs, in a process of its own.") { Hidden = true };
        command.SetAction(_ => WorkerLoop.Run(Console.In, stdout));
        return command;
    }
}
