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
        FitOptions fit = new()
        {
            Method = Enum.Parse<FitMethod>(options.Text("--method", nameof(FitMethod.Riem)), ignoreCase: true),
            StateBits = options.Number("--state-bits", 8),
            Heads = options.Number("--heads", 2),
            Seed = options.Number("--seed", 0),
            Workers = new ThreadWorkers(options.Number("--threads", Environment.ProcessorCount)),
            MetricSeconds = double.Parse(options.Text("--seconds", "20"), CultureInfo.InvariantCulture),
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
                    Console.WriteLine(Row(model, weight, fit with { StateDim = d }));
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

    private static string Row(string model, MatrixWeight weight, FitOptions fit)
    {
        long start = Stopwatch.GetTimestamp();
        FitResult result = WeightFitter.Fit(weight.Values, weight.Rows, weight.Columns, fit);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] svd = UnexplainedEnergy.OfRanks(weight, fit.StateDim, 2 * fit.StateDim);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {model} {weight.Rows}x{weight.Columns} | {fit.StateDim} | {svd[0]:0.0000} | {svd[1]:0.0000} | "
                + $"{result.Error:0.0000} | {result.Error / svd[0]:0.000} | {result.Weight?.BitsPerWeight:0.00} | "
                + $"{seconds:0.0} {result.Status} |");
    }
}
