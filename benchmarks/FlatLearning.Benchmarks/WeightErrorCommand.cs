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
    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        FitOptions fit = new()
        {
            Bits = options.Number("--bits", 4),
            Taps = options.Number("--taps", 0),
            Method = Enum.Parse<FitMethod>(options.Text("--method", nameof(FitMethod.Codes)), ignoreCase: true),
            RowScales =
                Enum.Parse<RowScales>(options.Text("--row-scales", nameof(RowScales.WhereTheyPay)), ignoreCase: true),
            StateDim = options.Number("--state-dim", 0),
            StateBits = options.Number("--state-bits", 8),
            MetricSeconds = options.Number("--seconds", 20),
        };
        if (options.Has("--storage"))
        {
            CodeStorage storage =
                Enum.Parse<CodeStorage>(options.Text("--storage", nameof(CodeStorage.Packed)), ignoreCase: true);
            return EqualErrorCommand.Run(options, fit with { Storage = storage });
        }

        Console.WriteLine(
            "| model | weights | ORT error | bits | ours error | bits | s |\n|---|---|---|---|---|---|---|");
        List<WeightErrors> models = [];
        foreach ((string name, List<MatrixWeight> weights) in Models(
            options.Required("--models"), options.Number("--min-size", 4096)))
        {
            WeightErrors total = default;
            foreach (MatrixWeight weight in weights)
            {
                WeightErrors one = WeightErrors.Measure(weight, fit);
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
