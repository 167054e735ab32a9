using System.Globalization;
using System.Diagnostics;
using FlatLearning.Fitting;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Benchmarks.Plans;

/// <summary>
/// <c>curve-error --models DIR [--match NAME] [--top N] [--min-size S] [--effort E]</c>: what the planner's samples
/// predict against what the fit then loses and stores, for every option of every weight.
/// </summary>
internal static class CurveErrorCommand
{
    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        PlanRequest request = new() {
            Effort = Enum.Parse<FitEffort>(options.Text("--effort", nameof(FitEffort.Default)), ignoreCase: true) };
        Console.WriteLine(
            "| weight | option | bits | bytes predicted/stored | error | predicted/fitted "
                + "|\n|---|---|---|---|---|---|");
        List<double> logs = [];
        (double estimating, double fitting) = (0, 0);
        foreach ((string name, List<MatrixWeight> weights) in WeightErrorCommand.Models(
            options.Required("--models"), options.Number("--min-size", 4096)))
        {
            if (!name.Contains(options.Text("--match", string.Empty), StringComparison.Ordinal))
            {
                continue;
            }

            foreach (MatrixWeight weight in weights.OrderByDescending(w => w.Values.Length)
                .Take(options.Number("--top", int.MaxValue)))
            {
                long start = Stopwatch.GetTimestamp();
                IReadOnlyList<PlanOption> curve =
                    CurveEstimator.Measure(weight.Values, weight.Rows, weight.Columns, request);
                estimating += Stopwatch.GetElapsedTime(start).TotalSeconds;
                foreach (PlanOption option in curve)
                {
                    start = Stopwatch.GetTimestamp();
                    FitResult fit = option.Fit(weight.Values);
                    fitting += Stopwatch.GetElapsedTime(start).TotalSeconds;
                    double ratio = option.Error / fit.WeightedError;
                    logs.Add(Math.Log(ratio));
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {name} {weight.Rows}x{weight.Columns} | {fit.Representation} | "
                            + $"{option.BitsPerWeight:0.00} | "
                            + $"{(double)option.Bytes / fit.Weight!.StoredBytes:0.0000} | "
                            + $"{fit.WeightedError:0.000000} | {ratio:0.000} |"));
                }
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{logs.Count} options: geometric mean of predicted/fitted {Math.Exp(logs.Average()):0.000}, standard "
                + $"deviation of its logarithm "
                + $"{Math.Sqrt(logs.Average(x => x * x) - (logs.Average() * logs.Average())):0.000}, largest "
                + $"deviation {logs.Max(Math.Abs):0.000}; estimating {estimating:0.0} s, fitting every option "
                + $"{fitting:0.0} s"));
        return 0;
    }
}
