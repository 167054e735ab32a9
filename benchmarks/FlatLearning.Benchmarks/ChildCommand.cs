using System.Diagnostics;
using FlatLearning.Onnx.Evaluation.Benchmarking;

namespace FlatLearning.Benchmarks;

/// <summary>A command of this program in a process of its own.</summary>
internal static class ChildCommand
{
    /// <summary>How to start it; its standard output is read by the parent.</summary>
    /// <param name="command">The command.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ProcessStartInfo Of(string command, params IReadOnlyList<string> arguments)
    {
        WorkerStart start = WorkerStart.Of(typeof(ChildCommand).Assembly, [command, .. arguments]);
        return new ProcessStartInfo(start.File, start.Arguments) { RedirectStandardOutput = true };
    }
}
