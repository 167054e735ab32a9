using FlatLearning.Fitting.Codes;
using System.Diagnostics;
using System.Globalization;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Fitting;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>feedback-error --models DIR [--match NAME] [--top N] [--samples S] [--inputs FILE] [--synthetic]</c>: weighted
/// error tr(dWᵀ H dW) / tr(Wᵀ H W) of codes that know nothing of H, its diagonal, or all of it (error feedback), at 2,
/// 3 and 4 bits, one tap and the default taps. H comes from runs of the model, or has a spectrum that falls as 1/(i+1).
/// </summary>
internal static class FeedbackErrorCommand
{
    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        Console.WriteLine(
            "| weight | bits | taps | H unknown | diagonal | full | full/unknown | s unknown | s full "
                + "|\n|---|---|---|---|---|---|---|---|---|");
        foreach (string path in Directory.GetFiles(options.Required("--models"), "*.onnx")
            .Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (!name.Contains(options.Text("--match", string.Empty), StringComparison.Ordinal))
            {
                continue;
            }

            IEnumerable<MatrixWeight> weights = ModelWeights.Load(path, 4096)
                .Where(w => w.Rows <= options.Number("--max-rows", 1024));
            foreach (MatrixWeight weight in weights.OrderByDescending(w => w.Values.Length)
                .Take(options.Number("--top", 1)))
            {
                string? inputs = options.Text("--inputs", string.Empty) is { Length: > 0 } text ? text : null;
                double[]? h = options.Has("--synthetic")
                    ? Decaying(weight.Rows)
                    : SecondMoments.Of(path, weight, options.Number("--samples", 64), inputs);
                if (h is null)
                {
                    Console.Error.WriteLine($"{name} {weight.Name}: no input to look at");
                    continue;
                }

                Measure($"{name} {weight.Rows}x{weight.Columns}", weight, h);
            }
        }

        return 0;
    }

    private static void Measure(string name, MatrixWeight weight, double[] h)
    {
        Hessian full = Hessian.Full(h, weight.Rows);
        Hessian diagonal = Hessian.Diagonal([.. Enumerable.Range(0, weight.Rows).Select(full.At)]);
        foreach (int bits in new[] { 2, 3, 4 })
        {
            foreach (int taps in new[] { 1, DefaultTaps.Of(bits) })
            {
                (double plain, double plainSeconds) = Fit(weight, bits, taps, Hessian.Identity, full);
                (double rows, _) = Fit(weight, bits, taps, diagonal, full);
                (double all, double seconds) = Fit(weight, bits, taps, full, full);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {bits} | {taps} | {plain:0.000000} | {rows:0.000000} | {all:0.000000} | "
                        + $"{all / plain:0.00} | {plainSeconds:0.0} | {seconds:0.0} |"));
            }
        }
    }

    private static (double Error, double Seconds) Fit(
        MatrixWeight weight, int bits, int taps, Hessian known, Hessian measure)
    {
        Stopwatch watch = Stopwatch.StartNew();
        FitResult result = WeightFitter.Fit(
            weight.Values,
            weight.Rows,
            weight.Columns,
            new UniformCodesPlan { Bits = bits, Taps = taps },
            new FitOptions { Hessian = known });
        double seconds = watch.Elapsed.TotalSeconds;
        DynWeight fitted = result.Weight ?? throw new InvalidOperationException(result.Reason);
        double[] w = Array.ConvertAll(weight.Values, value => (double)value);
        double energy = measure.Energy(w, weight.Columns);
        float[] decoded = WeightDecoder.Dense(fitted);
        for (int i = 0; i < w.Length; i++)
        {
            w[i] -= decoded[i];
        }

        return (measure.Energy(w, weight.Columns) / energy, seconds);
    }

    /// <summary>Random directions with energies 1, 1/2, 1/3, ...: sums of that many random outer products.</summary>
    private static double[] Decaying(int rows)
    {
        Random random = new(1);
        double[] h = new double[rows * rows];
        for (int s = 0; s < rows; s++)
        {
            double[] x = [
                .. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, 4).Sum(_ => random.NextDouble() - 0.5))];
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < rows; j++)
                {
                    h[(i * rows) + j] += x[i] * x[j] / (s + 1);
                }
            }
        }

        return h;
    }
}
