using System.Globalization;
using FlatLearning.Fitting.Peers;
using FlatLearning.Fitting.Planning;
using FlatLearning.Numerics;
using FlatLearning.Onnx.Comparison;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Benchmarks.Plans;

/// <summary>
/// <c>task-metric --models DIR --data DIR [--effort E] [--match NAME]</c>: what models lose on their own task when their MatMul and Gemm weights are stored in a format of others, and by a plan of as
/// many stored bits, without and with second moments of made-up inputs. DATA has a folder of .npz files with labels for each model (<c>benchmarks/task_data.py</c> makes it).
/// </summary>
internal static class TaskMetricCommand
{
    private const int MinSize = 1024;

    private static readonly IPeerFormat[] Peers =
        [new OrtBlockFormat(), new HqqFormat(4), new NormalFloatFormat(doubleQuantisation: true), new HqqFormat(3), new HqqFormat(2)];

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        FitEffort effort = Enum.Parse<FitEffort>(options.Text("--effort", nameof(FitEffort.Default)), ignoreCase: true);
        Console.WriteLine("| model | stored as | bits/weight | metric | value | lost | NLL | lost |\n|---|---|---|---|---|---|---|---|");
        foreach (string data in Directory.GetDirectories(options.Required("--data")).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(data);
            string model = Path.Combine(options.Required("--models"), name + ".onnx");
            if (!name.Contains(options.Text("--match", string.Empty), StringComparison.Ordinal) || !File.Exists(model))
            {
                continue;
            }

            DirectoryInfo scratch = Directory.CreateTempSubdirectory("flat-task-");
            try
            {
                Measure(name, model, data, Path.Combine(scratch.FullName, "model.onnx"), effort);
            }
            finally
            {
                scratch.Delete(recursive: true);
            }
        }

        return 0;
    }

    private static void Measure(string name, string path, string data, string scratch, FitEffort effort)
    {
        List<MatrixWeight> weights = ModelWeights.Load(path, MinSize);
        bool first = true;
        foreach (IPeerFormat peer in Peers)
        {
            double bits = WritePeer(path, scratch, weights, peer);
            Print(peer.Name, bits);
            foreach (HessianMode hessian in new[] { HessianMode.None, HessianMode.Auto })
            {
                ConvertOptions options = new()
                {
                    Target = new PlanTarget(TargetKind.Bits, bits),
                    Effort = effort,
                    Hessian = hessian,
                    MinSize = MinSize,
                };
                (ConversionReport report, _) = ConversionJob.Run(path, scratch, options, ConversionTarget.Overwrite);
                Print($"plan, H {hessian.ToString().ToLowerInvariant()}{(report.Target!.Met ? string.Empty : " (smallest)")}", report.BitsPerWeight);
            }
        }

        void Print(string stored, double bits)
        {
            TaskReport task = ModelComparer.Compare(new ComparisonRequest { Original = path, Converted = scratch, Inputs = InputSources.Open(data) }).Task!;
            if (first)
            {
                first = false;
                Row("float32", 32, task.Metric, task.Original ?? 0, 0, task.NllOriginal, 0);
            }

            Row(stored, bits, task.Metric, task.Converted ?? 0, (task.Original - task.Converted) ?? 0, task.NllConverted, task.NllConverted - task.NllOriginal);
        }

        void Row(string stored, double bits, string metric, double value, double lost, double? nll, double? nllLost) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {stored} | {bits:0.000} | {metric} | {value:0.00000} | {lost:0.00000} | {nll:0.00000} | {nllLost:0.00000} |"));
    }

    /// <summary>Writes the model with every weight stored in a format and read back. Returns the stored bits per weight.</summary>
    private static double WritePeer(string path, string target, List<MatrixWeight> weights, IPeerFormat peer)
    {
        OnnxModel model = OnnxModelFile.Load(path).Clone();
        (double bytes, double elements) = (0, 0);
        foreach (MatrixWeight weight in weights)
        {
            PeerResult result = peer.RoundTrip(new PeerMatrix(weight.Values, weight.Rows, weight.Columns));
            bytes += result.StoredBytes;
            elements += result.Values.Length;
            TensorProto tensor = model.Proto.Graph.Initializer.Single(initializer => initializer.Name == weight.Name);
            float[] stored = weight.Transposed ? MatrixTranspose.Of(result.Values, weight.Rows, weight.Columns) : result.Values;
            tensor.RawData = Onnx.Tensors.TensorWriter.Float32(tensor.Name, [.. tensor.Dims], stored).RawData;
            tensor.FloatData.Clear();
        }

        OnnxModelFile.Save(model, target, new SaveOptions { Existing = ExistingFile.Replace });
        return 8 * bytes / elements;
    }
}
