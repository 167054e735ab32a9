using System.Diagnostics;
using System.Globalization;
using FlatLearning.Fitting;
using FlatLearning.Fitting.Peers;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>weight-error --storage packed|entropy --models DIR [--min-size S] [--method M] [--match TEXT] [--effort E]
/// [--per-weight]</c>: the stored bits per weight that a model takes at the weight error of ONNX Runtime's default
/// 4-bit blocks (squared error over energy of all its weights together): the points of the planner's curves that
/// minimise error + lambda · bits, by bisection, each fitted.
/// </summary>
internal static class EqualErrorCommand
{
    private const int MinSize = 8192;
    private const int Rounds = 29;
    private const double Tolerance = 0.002;

    public static int Run(Arguments options, PlanRequest request)
    {
        Console.WriteLine(
            $"{(request.Coded ? "Entropy" : "Packed")} storage\n\n| model | weights | ORT error | bits | ours error "
            + $"| bits | s "
                + $"|\n|---|---|---|---|---|---|---|");
        List<EqualErrorResult> results = [];
        foreach ((string name, List<MatrixWeight> weights) in WeightErrorCommand.Models(
            options.Required("--models"), options.Number("--min-size", MinSize)))
        {
            if (!name.Contains(options.Text("--match", string.Empty), StringComparison.Ordinal))
            {
                continue;
            }

            EqualErrorResult result = Measure(name, weights, request, options);
            results.Add(result);
            Console.WriteLine(result);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| mean of {results.Count} models | | | {results.Average(r => r.OrtBits):0.00} | | "
                + $"{results.Average(r => r.Bits):0.000} | {results.Sum(r => r.Seconds):0.0} |"));
        return 0;
    }

    private static EqualErrorResult Measure(
        string name, List<MatrixWeight> weights, PlanRequest request, Arguments options)
    {
        (double allowed, double energy, long ortBytes, long count) = (0, 0, 0, 0);
        foreach (MatrixWeight weight in weights)
        {
            float[] rounded =
                OrtBlockFormat.Default.RoundTrip(new PeerMatrix(weight.Values, weight.Rows, weight.Columns)).Values;
            for (int i = 0; i < rounded.Length; i++)
            {
                double error = (double)rounded[i] - weight.Values[i];
                allowed += error * error;
                energy += (double)weight.Values[i] * weight.Values[i];
            }

            ortBytes += OrtBlockFormat.Default.PlannedBytes(weight.Rows, weight.Columns);
            count += weight.Values.Length;
        }

        Stopwatch watch = Stopwatch.StartNew();
        PlanSearch search = new(weights, request);

        // The exponent grows with the error: bisection keeps the largest whose error is allowed.
        (double low, double high) = PlanSearch.Range(allowed, count);
        (double squared, long bytes) = search.At(low);
        for (int round = 0; round < Rounds && squared < allowed * (1 - Tolerance); round++)
        {
            double middle = 0.5 * (low + high);
            (double error, long size) = search.At(middle);
            if (error <= allowed)
            {
                (low, squared, bytes) = (middle, error, size);
            }
            else
            {
                high = middle;
            }
        }

        if (options.Has("--per-weight"))
        {
            search.Print(low);
        }

        return new EqualErrorResult(
            name, count, allowed / energy, 8.0 * ortBytes / count, squared / energy, 8.0 * bytes / count,
            watch.Elapsed.TotalSeconds);
    }
}
