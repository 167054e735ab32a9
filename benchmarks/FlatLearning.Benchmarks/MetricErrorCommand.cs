using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Metrics;
using System.Diagnostics;
using System.Globalization;
using FlatLearning.Fitting;
using FlatLearning.Numerics;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>metric-error --models DIR [--method riem] [--state-dim 6,12] [--state-bits 8] [--heads H] [--seconds S] [--seed
/// S] [--threads T] [--match NAME] [--also dtln_1:128x257,dtln_2:128x256]</c>: unexplained energy of a fitted metric
/// with quantised states on the largest matrix of every model, and on all weights of the given shapes, beside that of a
/// truncated SVD of rank d in float32. The largest matrix is a MatMul or Gemm weight; where a constant of another
/// operator (a Conv kernel, an embedding) is larger, that one is measured too, its leading dimension against the rest.
/// </summary>
internal static class MetricErrorCommand
{
    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        int[] dims = [
            .. options.Text("--state-dim", "12")
                .Split(',')
                .Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        MetricPlan plan = MetricPlans.Of(options.Text("--method", MetricKinds.Riem)) with
        {
            StateBits = options.Number("--state-bits", 8),
            Seconds = double.Parse(options.Text("--seconds", "20"), CultureInfo.InvariantCulture),
        };
        plan = plan is DynPlan dyn ? dyn with { Heads = options.Number("--heads", 2) } : plan;
        FitOptions fit = new()
        {
            Seed = options.Number("--seed", 0),
            Workers = new ThreadWorkers(options.Number("--threads", Environment.ProcessorCount)),
        };
        string[] also = options.Text("--also", string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries);
        Console.WriteLine(
            "| weight | d | SVD rank d | SVD rank 2d | metric | metric / SVD rank d | bits per weight | s "
                + "|\n|---|---|---|---|---|---|---|---|");
        foreach (string path in Directory.GetFiles(options.Required("--models"), "*.onnx")
            .Order(StringComparer.Ordinal))
        {
            if (!path.Contains(options.Text("--match", string.Empty), StringComparison.Ordinal))
            {
                continue;
            }

            string model = Path.GetFileNameWithoutExtension(path);
            foreach (MatrixWeight weight in Chosen(path, shape => also.Contains($"{model}:{shape}")))
            {
                foreach (int d in dims)
                {
                    Console.WriteLine(Row(model, weight, plan with { StateDim = d }, fit));
                }
            }
        }

        return 0;
    }

    private static IEnumerable<MatrixWeight> Chosen(string path, Func<string, bool> also)
    {
        List<MatrixWeight> weights = ModelWeights.Load(path, 1);
        MatrixWeight? largest = weights.MaxBy(weight => weight.Values.Length);
        MatrixWeight? other = ModelWeights.LargestConstant(path);
        IEnumerable<MatrixWeight?> chosen = [
            largest, other?.Values.Length > (largest?.Values.Length ?? 0) ? other : null];
        return chosen.OfType<MatrixWeight>()
            .Concat(weights.Where(weight => weight != largest && also($"{weight.Rows}x{weight.Columns}")));
    }

    private static string Row(string model, MatrixWeight weight, MetricPlan plan, FitOptions fit)
    {
        long start = Stopwatch.GetTimestamp();
        FitResult result = WeightFitter.Fit(weight.Values, weight.Rows, weight.Columns, plan, fit);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] svd = UnexplainedEnergy.OfRanks(weight, plan.StateDim, 2 * plan.StateDim);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {model} {weight.Rows}x{weight.Columns} | {plan.StateDim} | {svd[0]:0.0000} | {svd[1]:0.0000} | "
                + $"{result.Error:0.0000} | {result.Error / svd[0]:0.000} | {result.Weight?.BitsPerWeight:0.00} | "
                + $"{seconds:0.0} {result.Status} |");
    }
}
