using FlatLearning.Dyn.Terms;
using System.Globalization;
using FlatLearning.Dyn.Entropy;
using FlatLearning.Fitting;
using FlatLearning.Fitting.Entropy;
using FlatLearning.Numerics;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>entropy-decode [--rows K] [--columns N]</c>: millions of weights per second of one core that a Gaussian weight's
/// stream is encoded and decoded at, by bits per weight, from stored bytes to 8-bit codes as a kernel uses them; stored
/// bytes against the rate-distortion function.
/// </summary>
internal static class EntropyDecodeCommand
{
    private const int Rounds = 9;

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        (int rows, int columns) = (options.Number("--rows", 512), options.Number("--columns", 896));
        Console.WriteLine(
            "| weight | bits | above the limit | fit 10^6/s | vector 10^6/s | GB/s of codes | reference 10^6/s | "
                + "slices |\n|---|---|---|---|---|---|---|---|");
        foreach (bool smooth in (bool[])[false, true])
        {
            float[] w = Matrix(rows, columns, smooth);
            foreach (double step in (double[])[0.05, 0.12, 0.3, 0.7])
            {
                long start = System.Diagnostics.Stopwatch.GetTimestamp();
                FitResult fit = new StepCurve(w, rows, columns).At(step);
                double fitSeconds = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
                EntropyStream stream = fit.Weight!.Find<EntropyCodes>()!.Stream;
                double vector = Best(() => stream.Decode());
                double reference = Best(() => stream.Decode(ThreadWorkers.Single, EntropyDecoding.Reference));
                double millions = rows * columns * 1e-6;
                double limit = 0.5 * Math.Log2((smooth ? 1 - (0.8 * 0.8) : 1) / fit.Error);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {(smooth ? "correlated rows" : "independent")} {rows} x {columns} | "
                        + $"{fit.Weight.BitsPerWeight:0.000} | {fit.Weight.BitsPerWeight - limit:0.000} | "
                        + $"{millions / fitSeconds:0.0} | {millions / vector:0} | {millions / vector / 1000:0.00} | "
                        + $"{millions / reference:0} | {stream.Slices} |"));
            }
        }

        return 0;
    }

    private static double Best(Action action)
    {
        double best = double.PositiveInfinity;
        for (int round = 0; round < Rounds; round++)
        {
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private static float[] Matrix(int rows, int columns, bool smooth)
    {
        Random random = new(1);
        float[] w = new float[rows * columns];
        for (int i = 0; i < w.Length; i++)
        {
            double normal =
                Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            w[i] = (float)(smooth && i >= columns ? (0.8 * w[i - columns]) + (0.6 * normal) : normal);
        }

        return w;
    }
}
