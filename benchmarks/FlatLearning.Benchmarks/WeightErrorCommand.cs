using System.Globalization;
using FlatLearning.Fitting;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>weight-error --models DIR [--bits B] [--taps T] [--min-size S] [--method M] [--row-scales R] [--per-weight]</c>: weight error and
/// bits per weight of ONNX Runtime's default 4-bit blocks and of a fit, per model (squared error over energy of all its weights) and on average.
/// </summary>
internal static class WeightErrorCommand
{
    private const string Format = "| {0,-44} | {1,9} | {2,8:0.00000} | {3,5:0.00} | {4,8:0.00000} | {5,5:0.00} | {6,5:0.0} |";

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        FitOptions fit = new()
        {
            Bits = options.Number("--bits", 4),
            Taps = options.Number("--taps", 0),
            Method = Enum.Parse<FitMethod>(options.Text("--method", nameof(FitMethod.Codes)), ignoreCase: true),
            RowScales = Enum.Parse<RowScales>(options.Text("--row-scales", nameof(RowScales.WhereTheyPay)), ignoreCase: true),
            StateDim = options.Number("--state-dim", 0),
        };
        int minSize = options.Number("--min-size", 4096);
        bool perWeight = options.Has("--per-weight");
        Console.WriteLine("| model                                        |   weights | ORT err  |  bits | ours err |  bits |     s |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        List<double[]> means = [];
        foreach (string path in Directory.GetFiles(options.Required("--models"), "*.onnx").Order(StringComparer.Ordinal))
        {
            double[] totals = new double[7];
            foreach (MatrixWeight weight in ModelWeights.Load(path, minSize))
            {
                double[] parts = Measure(weight, fit);
                for (int i = 0; i < totals.Length; i++)
                {
                    totals[i] += parts[i];
                }

                if (perWeight)
                {
                    Print($"  {weight.Rows}x{weight.Columns} {weight.Name}", parts);
                }
            }

            if (totals[0] > 0)
            {
                Print(Path.GetFileNameWithoutExtension(path), totals);
                means.Add([totals[2] / totals[1], 8 * totals[3] / totals[0], totals[4] / totals[1], 8 * totals[5] / totals[0]]);
            }
        }

        string mean = string.Format(
            CultureInfo.InvariantCulture,
            Format,
            $"mean of {means.Count} models",
            string.Empty,
            means.Average(m => m[0]),
            means.Average(m => m[1]),
            means.Average(m => m[2]),
            means.Average(m => m[3]),
            string.Empty);
        Console.WriteLine(mean);
        return 0;
    }

    /// <summary>Weights, energy, ORT's squared error and bytes, ours, seconds.</summary>
    private static double[] Measure(MatrixWeight weight, FitOptions fit)
    {
        (double energy, double ort) = (0, 0);
        float[] rounded = OrtBlockQuantizer.RoundTrip(weight.Values, weight.Rows, weight.Columns);
        for (int i = 0; i < rounded.Length; i++)
        {
            double error = (double)rounded[i] - weight.Values[i];
            energy += (double)weight.Values[i] * weight.Values[i];
            ort += error * error;
        }

        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        FitResult result = WeightFitter.Fit(weight.Values, weight.Rows, weight.Columns, fit);
        double seconds = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
        return [weight.Values.Length, energy, ort, OrtBlockQuantizer.StoredBytes(weight.Rows, weight.Columns), result.Error * energy, result.Weight?.StoredBytes ?? double.NaN, seconds];
    }

    private static void Print(string name, double[] t)
    {
        string line = string.Format(CultureInfo.InvariantCulture, Format, name.Length > 44 ? name[..44] : name, t[0], t[2] / t[1], 8 * t[3] / t[0], t[4] / t[1], 8 * t[5] / t[0], t[6]);
        Console.WriteLine(line);
    }
}
