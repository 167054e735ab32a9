using System.Globalization;
using FlatLearning.Fitting.Peers;
using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Sensitivity;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Benchmarks.Plans;

/// <summary>
/// <c>task-metric --models DIR --data DIR [--effort E] [--match NAME] [--peers-only]</c>: what models lose on their own
/// task when their MatMul and Gemm weights are stored in a format of others, and by plans of as many stored bits as
/// some of these, without and with second moments of made-up inputs. DATA has a folder of .npz files with labels for
/// each model (<c>benchmarks/task_data.py</c> makes it). "In 95 %" says whether a value is no worse than the worse end
/// of the original's interval (<see cref="TaskInterval"/>); a plan's last column is the least that any of the formats
/// with no more bits loses.
/// </summary>
internal static class TaskMetricCommand
{
    private const int MinSize = 1024;

    /// <summary>Formats whose bits plans get too.</summary>
    private static readonly IPeerFormat[] Rates =
        [
            OrtBlockFormat.Default,
            new HqqFormat(4),
            new NormalFloatFormat(doubleQuantisation: true),
            new HqqFormat(3),
            new HqqFormat(2)];

    private static readonly IPeerFormat[] Others =
    [
        .. PeerErrors.OrtBlocks(8),
        .. PeerErrors.OrtBlocks(4).Where(format => format.Name != OrtBlockFormat.Default.Name),
        .. Enum.GetValues<KQuantType>().Select(type => new KQuantFormat(type)),
    ];

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        FitEffort effort = Enum.Parse<FitEffort>(options.Text("--effort", nameof(FitEffort.Default)), ignoreCase: true);
        Console.WriteLine(
            "| model | stored as | bits/weight | metric | value | lost | in 95 % | NLL | lost | in 95 % | least NLL "
                + "lost by others |\n|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (string data in Directory.GetDirectories(options.Required("--data")).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(data);
            string model = Path.Combine(options.Required("--models"), name + ".onnx");
            if (!name.Contains(options.Text("--match", string.Empty), StringComparison.Ordinal) || !File.Exists(model))
            {
                continue;
            }

            if (!HasLabels(model, data))
            {
                Console.Error.WriteLine(
                    $"The folder '{data}' has no labels, so that '{name}' has no task here; output-error uses such "
                        + $"inputs.");
                continue;
            }

            DirectoryInfo scratch = Directory.CreateTempSubdirectory("flat-task-");
            try
            {
                Measure(
                    name,
                    model,
                    data,
                    Path.Combine(scratch.FullName, "model.onnx"),
                    options.Has("--peers-only") ? null : effort);
            }
            finally
            {
                scratch.Delete(recursive: true);
            }
        }

        return 0;
    }

    private static void Measure(string name, string path, string data, string scratch, FitEffort? effort)
    {
        List<MatrixWeight> weights = ModelWeights.Load(path, MinSize);
        List<(IPeerFormat Format, double Bits, TaskReport Task)> peers = [];
        foreach (IPeerFormat peer in Rates.Concat(Others))
        {
            double stored = PeerModel.Write(path, scratch, weights, peer);
            peers.Add((peer, stored, Task()));
        }

        TaskReport original = peers[0].Task;
        TaskInterval interval = TaskInterval.Of(path, InputSources.Open(data), original.Output);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | float32 | 32.000 | {original.Metric} | {original.Original:0.00000} | | "
                + $"{interval.Metric.Low:0.00000} to {interval.Metric.High:0.00000}, {interval.Sequences} sequences "
                + $"| {original.NllOriginal:0.00000} | | {interval.Nll.Low:0.00000} to {interval.Nll.High:0.00000} "
                + $"| |"));
        foreach ((IPeerFormat format, double stored, TaskReport task) in peers.OrderByDescending(peer => peer.Bits))
        {
            Row(format.Name, stored, task, string.Empty);
            foreach (HessianMode hessian in effort is null || !Rates.Contains(format)
                ? []
                : new[] { HessianMode.None, HessianMode.Auto })
            {
                ConvertOptions options = new() { Target = new PlanTarget(TargetKind.Bits, stored),
                    Search = new PlanRequest { Effort = effort.GetValueOrDefault() }, Hessian = hessian,
                    MinSize = MinSize,
                    Runs = OnnxRuntimeRuns.Instance };
                (ConversionReport report, _) = ConversionJob.Run(path, scratch, options, ConversionTarget.Overwrite);
                (IPeerFormat Format, double Bits, TaskReport Task) best = peers.Where(peer => peer.Bits <= stored)
                    .MinBy(peer => peer.Task.NllConverted);
                Row(
                    $"plan, H {hessian.ToString().ToLowerInvariant()}"
                        + (report.Target!.Met ? string.Empty : " (smallest)"),
                    report.BitsPerWeight,
                    Task(),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{best.Task.NllConverted - best.Task.NllOriginal:0.00000} ({best.Format.Name})"));
            }
        }

        TaskReport Task() =>
            ModelComparer.Compare(
                new ComparisonRequest { Original = path, Converted = scratch, Inputs = InputSources.Open(data) }).Task!;

        void Row(string stored, double bits, TaskReport task, string best) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {stored} | {bits:0.000} | {task.Metric} | {task.Converted:0.00000} | "
                + $"{task.Original - task.Converted:0.00000} | {YesNo(task.Converted >= interval.Metric.Low)} | "
                + $"{task.NllConverted:0.00000} | {task.NllConverted - task.NllOriginal:0.00000} | "
                + $"{YesNo(task.NllConverted <= interval.Nll.High)} | {best} |"));
    }

    private static bool HasLabels(string model, string data)
    {
        using ModelRunner runner = ModelRunner.Open(model);
        return InputSources.Open(data).Prepare(runner).Samples.First().Labels is not null;
    }

    private static string YesNo(bool value) => value ? "yes" : "no";
}
