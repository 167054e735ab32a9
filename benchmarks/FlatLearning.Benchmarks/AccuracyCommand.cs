using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;
using System.Globalization;
using FlatLearning.Fitting;
using FlatLearning.Fitting.Peers;
using FlatLearning.Numerics;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>accuracy [--models DIR]</c>: what a conversion costs on the sample models' own test data, beside ONNX Runtime's
/// default 4-bit blocks of 32 (their exact rounding, put back into the dense model). File sizes are those of whole
/// files; the bits of the blocks are counted as 4 plus a float32 scale per 32, and their file is that of the original
/// with the weights' bytes exchanged.
/// </summary>
internal static class AccuracyCommand
{
    private const int MinSize = 1024;

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        string folder = options.Text("--models", "models");
        Console.WriteLine(
            "| model | stored as | file | bits/weight | weight error | metric | NLL |\n|---|---|---|---|---|---|---|");
        foreach (string test in Directory.GetFiles(folder, "test.npz", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            string path = Directory.GetFiles(Path.GetDirectoryName(test)!, "*.onnx")
                .Single(file => !file.EndsWith(".flat.onnx", StringComparison.Ordinal));
            DirectoryInfo scratch = Directory.CreateTempSubdirectory("flat-accuracy-");
            try
            {
                Measure(path, test, Path.Combine(scratch.FullName, "model.onnx"));
            }
            finally
            {
                scratch.Delete(recursive: true);
            }
        }

        return 0;
    }

    private static void Measure(string path, string test, string scratch)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        double energy = WeightEnergy(path, out Dictionary<string, double> energies);
        bool first = true;
        (long blockBytes, double bits, double error) = WriteBlocks(path, scratch);
        Print("ORT 4-bit blocks of 32", blockBytes, bits, error, scratch);
        foreach ((string stored, WeightPlan plan) in ((string, WeightPlan)[])[
            ("4-bit codes", new UniformCodesPlan { Bits = 4 }),
            ("3-bit codes", new UniformCodesPlan { Bits = 3 }),
            ("2-bit codes", new UniformCodesPlan { Bits = 2 }),
            ("riem alone", new RiemPlan()),
            ("dyn-l1 alone", new DynPlan(MetricKinds.DynL1))])
        {
            (ConversionReport report, _) = ConversionJob.Run(
                path, scratch, new ConvertOptions { Plan = plan, MinSize = MinSize }, ConversionTarget.Overwrite);
            double lost = report.Weights.Where(weight => weight.Error is not null)
                .Sum(weight => weight.Error!.Value * energies.GetValueOrDefault(weight.Name)) / energy;
            Print(
                stored,
                report.OutputBytes,
                report.BitsPerWeight,
                lost,
                scratch);
        }

        void Print(string stored, long bytes, double bitsPerWeight, double weightError, string converted)
        {
            TaskReport task = ModelComparer.Compare(
                new ComparisonRequest { Original = path, Converted = converted,
                    Inputs = InputSources.Open(test) }).Task!;
            if (first)
            {
                Row(name, "float32", new FileInfo(path).Length, 32, 0, task.Metric, task.Original, task.NllOriginal);
                first = false;
            }

            Row(name, stored, bytes, bitsPerWeight, weightError, task.Metric, task.Converted, task.NllConverted);
        }
    }

    private static void Row(
        string name, string stored, long bytes, double bits, double error, string metric, double? value, double? nll) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {stored} | {bytes / 1000.0:0.0} kB | {bits:0.00} | {error:0.0000} | {metric} "
                + $"{value:0.00000} | {(nll is null ? "" : $"{nll:0.00000}")} |"));

    /// <summary>
    /// Writes the model with every weight rounded to blocks; the bytes that a file of such blocks would have.
    /// </summary>
    private static (long Bytes, double Bits, double Error) WriteBlocks(string path, string target)
    {
        OnnxModel model = OnnxModelFile.Load(path).Clone();
        long bytes = new FileInfo(path).Length;
        (double lost, double energy, double elements, double stored) = (0, 0, 0, 0);
        foreach (MatrixWeight weight in ModelWeights.Load(path, MinSize))
        {
            float[] rounded =
                OrtBlockFormat.Default.RoundTrip(new PeerMatrix(weight.Values, weight.Rows, weight.Columns)).Values;
            long size = OrtBlockFormat.Default.PlannedBytes(weight.Rows, weight.Columns);
            for (int i = 0; i < rounded.Length; i++)
            {
                double difference = weight.Values[i] - (double)rounded[i];
                lost += difference * difference;
                energy += (double)weight.Values[i] * weight.Values[i];
            }

            bytes += size - (rounded.Length * sizeof(float));
            elements += rounded.Length;
            stored += size;
            Replace(model, weight, rounded);
        }

        OnnxModelFile.Save(model, target, new SaveOptions { Existing = ExistingFile.Replace });
        return (bytes, 8 * stored / elements, lost / energy);
    }

    private static void Replace(OnnxModel model, MatrixWeight weight, float[] values)
    {
        Onnx.Proto.TensorProto tensor =
            model.Proto.Graph.Initializer.Single(initializer => initializer.Name == weight.Name);
        float[] stored = weight.Transposed ? MatrixTranspose.Of(values, weight.Rows, weight.Columns) : values;
        Onnx.Proto.TensorProto replacement = Onnx.Tensors.TensorWriter.Float32(tensor.Name, [.. tensor.Dims], stored);
        tensor.RawData = replacement.RawData;
        tensor.FloatData.Clear();
    }

    private static double WeightEnergy(string path, out Dictionary<string, double> energies)
    {
        energies = ModelWeights.Load(path, MinSize)
            .ToDictionary(weight => weight.Name, weight => weight.Values.Sum(value => (double)value * value));
        return energies.Values.Sum();
    }
}
