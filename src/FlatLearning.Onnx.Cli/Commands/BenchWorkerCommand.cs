using System.CommandLine;
using FlatLearning.Onnx.Evaluation.Benchmarking;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary><c>flat-onnx bench-worker</c>: how <c>bench</c> starts its child processes; of no use to people.</summary>
internal static class BenchWorkerCommand
{
    /// <summary>The verb.</summary>
    public const string Name = "bench-worker";

    /// <summary>Creates the verb.</summary>
    public static Command Create(TextWriter stdout)
    {
        Command command = new(Name, "Measures for 'bench', in a process of its own.") { Hidden = true };
        command.SetAction(_ => WorkerLoop.Run(Console.In, stdout));
        return command;
    }
}
