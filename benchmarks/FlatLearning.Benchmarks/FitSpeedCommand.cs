using System.Diagnostics;
using System.Globalization;
using FlatLearning.Fitting;
using FlatLearning.Fitting.Codes;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>fit-speed [--rows K] [--columns N] [--bits B] [--taps T]</c>: seconds, error and bits of one fit of independent
/// Gaussian weights.
/// </summary>
internal static class FitSpeedCommand
{
    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        (int rows, int columns) = (options.Number("--rows", 4096), options.Number("--columns", 4096));
        float[] w = TableTrainer.Gaussian(rows * columns, 5);
        Stopwatch watch = Stopwatch.StartNew();
        FitResult result = WeightFitter.Fit(
            w,
            rows,
            columns,
            new UniformCodesPlan { Bits = options.Number("--bits", 4), Taps = options.Number("--taps", 0) });
        double seconds = watch.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rows}x{columns}, {result.Representation}: {seconds:0.0} s, {w.Length / seconds / 1e6:0.00} million "
                + $"weights/s on one core, error {result.Error:0.00000}, {result.Weight!.BitsPerWeight:0.000} bits "
                + $"per weight"));
        return 0;
    }
}
