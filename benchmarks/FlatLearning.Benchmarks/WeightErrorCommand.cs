using FlatLearning.Dyn.Operators;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Planning;
using System.Globalization;
using FlatLearning.Fitting;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>weight-error --models DIR [--bits B] [--taps T] [--min-size S] [--method M] [--row-scales R] [--state-dim D]
/// [--per-weight]</c>: weight error and bits per weight of ONNX Runtime's default 4-bit blocks and of a fit, per model
/// (squared error over energy of all its weights) and on average. With <c>--storage packed|entropy</c>: the bits at
/// ONNX Runtime's error (<see cref="EqualErrorCommand"/>).
/// </summary>
internal static class WeightErrorCommand
{
    private const string Codes = "codes";

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        string method = options.Text("--method", Codes);
        if (options.Has("--storage"))
        {
            return EqualErrorCommand.Run(options, new PlanRequest
            {
                Metrics = method != Codes,
                Taps = options.Number("--taps", 0),
                Coded = options.Text("--storage", StorageKinds.Packed) == StorageKinds.Entropy,
                Effort = Enum.Parse<FitEffort>(options.Text("--effort", nameof(FitEffort.Default)), ignoreCase: true),
            });
        }

        WeightPlan plan = method == Codes
            ? new UniformCodesPlan
            {
                Bits = options.Number("--bits", 4),
                Taps = options.Number("--taps", 0),
                RowScales = Enum.Parse<RowScales>(
                    options.Text("--row-scales", nameof(RowScales.WhereTheyPay)), ignoreCase: true),
            }
            : MetricPlans.Of(method) with
            {
                StateDim = options.Number("--state-dim", 0),
                StateBits = options.Number("--state-bits", 8),
                Seconds = options.Number("--seconds", 20),
            };

        Console.WriteLine(
            "| model | weights | ORT error | bits | ours error | bits | s |\n|---|---|---|---|---|---|---|");
        List<WeightErrors> models = [];
        foreach ((string name, List<MatrixWeight> weights) in Models(
            options.Required("--models"), options.Number("--min-size", 4096)))
        {
            WeightErrors total = default;
            foreach (MatrixWeight weight in weights)
            {
                WeightErrors one = WeightErrors.Measure(weight, plan);
                total += one;
                if (options.Has("--per-weight"))
                {
                    Print($"{name} {weight.Rows}x{weight.Columns} {weight.Name}", one);
                }
            }

            Print(name, total);
            models.Add(total);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| mean of {models.Count} models | | {models.Average(m => m.OrtError):0.00000} | "
                + $"{models.Average(m => m.OrtBits):0.00} | {models.Average(m => m.OwnError):0.00000} | "
                + $"{models.Average(m => m.OwnBits):0.00} | {models.Sum(m => m.Seconds):0.0} |"));
        return 0;
    }

    /// <summary>
    /// The models of a folder that have a MatMul or Gemm weight of the given size, with these weights.
    /// </summary>
    public static IEnumerable<(string Name, List<MatrixWeight> Weights)> Models(string folder, int minSize) =>
        Directory.GetFiles(folder, "*.onnx").Order(StringComparer.Ordinal)
            .Select(path => (Path.GetFileNameWithoutExtension(path), ModelWeights.Load(path, minSize)))
            .Where(model => model.Item2.Count > 0);

    private static void Print(string name, WeightErrors e) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {e.Weights} | {e.OrtError:0.00000} | {e.OrtBits:0.00} | {e.OwnError:0.00000} | "
            + $"{e.OwnBits:0.00} | {e.Seconds:0.0} |"));
}
