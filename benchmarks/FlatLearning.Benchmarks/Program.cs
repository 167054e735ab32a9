using FlatLearning.Benchmarks.Kernels;
using FlatLearning.Benchmarks.Peers;
using FlatLearning.Benchmarks.Plans;
using FlatLearning.Benchmarks.Published;
using FlatLearning.Benchmarks.Races;
using FlatLearning.Benchmarks.Rates;
using FlatLearning.Onnx.Evaluation.Benchmarking;

namespace FlatLearning.Benchmarks;

/// <summary>Every figure that the documentation quotes comes from one of these commands.</summary>
internal static class Program
{
    private static readonly Dictionary<string, Func<string[], int>> Commands = new(StringComparer.Ordinal)
    {
        ["accuracy"] = AccuracyCommand.Run,
        ["curve-error"] = CurveErrorCommand.Run,
        ["output-error"] = OutputErrorCommand.Run,
        ["peer-error"] = PeerErrorCommand.Run,
        ["peer-run"] = PeerRunCommand.Run,
        ["plan-error"] = PlanErrorCommand.Run,
        ["plan-large"] = PlanLargeCommand.Run,
        ["task-loss"] = TaskLossCommand.Run,
        ["task-metric"] = TaskMetricCommand.Run,
        ["decode"] = DecodeCommand.Run,
        ["portable-load"] = PortableLoadCommand.Run,
        ["run-time"] = RunTimeCommand.Run,
        ["train-tables"] = TrainTablesCommand.Run,
        ["feedback-error"] = FeedbackErrorCommand.Run,
        ["hybrid-error"] = HybridErrorCommand.Run,
        ["entropy-decode"] = EntropyDecodeCommand.Run,
        ["fit-speed"] = FitSpeedCommand.Run,
        ["kernel-shapes"] = KernelShapesCommand.Run,
        ["kernel-suite"] = KernelSuiteCommand.Run,
        ["session-memory"] = SessionMemoryCommand.Run,
        ["distance-product"] = DistanceProductCommand.Run,
        ["published-fit"] = PublishedFitCommand.Run,
        ["published-check"] = PublishedCheckCommand.Run,
        ["fit-race"] = FitRaceCommand.Run,
        ["fit-large"] = FitLargeCommand.Run,
        ["fit-rate"] = FitRateCommand.Run,
        ["metric-error"] = MetricErrorCommand.Run,
        [RunTimeCommand.Worker] = _ => WorkerLoop.Run(Console.In, Console.Out),
        ["view-error"] = ViewErrorCommand.Run,
        ["weight-error"] = WeightErrorCommand.Run,
    };

    private static int Main(string[] arguments)
    {
        if (arguments.Length > 0 && Commands.TryGetValue(arguments[0], out Func<string[], int>? command))
        {
            // A child process answers its parent alone.
            if (!arguments.Contains("--child") && arguments[0] != RunTimeCommand.Worker)
            {
                ResultHeader.Write(Console.Out, arguments);
            }

            return command(arguments[1..]);
        }

        Console.Error.WriteLine(
            $"Expected one of the commands {string.Join(", ", Commands.Keys)}, found '{string.Join(' ', arguments)}'.");
        return 2;
    }
}
