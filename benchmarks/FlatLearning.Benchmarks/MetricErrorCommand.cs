using System.Diagnostics;
using System.Globalization;
using FlatLearning.Fitting;
using MathNet.Numerics.LinearAlgebra;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>metric-error --models DIR [--method riem] [--state-dim D] [--seconds S] [--seed S] [--match NAME]</c>: unexplained energy of a fitted metric on the largest
/// weight of every model, beside that of a truncated SVD of rank d in float32.
/// </summary>
internal static class MetricErrorCommand
{
    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        FitOptions fit = new()
        {
            Method = Enum.Parse<FitMethod>(options.Text("--method", nameof(FitMethod.Riem)), ignoreCase: true),
            StateDim = options.Number("--state-dim", 12),
            Heads = options.Number("--heads", 2),
            StateBits = options.Number("--state-bits", 8),
            Seed = options.Number("--seed", 0),
            MetricSeconds = double.Parse(options.Text("--seconds", "20"), CultureInfo.InvariantCulture),
        };
        Console.WriteLine("| weight | SVD rank d | SVD rank 2d | metric | bits per weight | s |\n|---|---|---|---|---|---|");
        foreach (string path in Directory.GetFiles(options.Required("--models"), "*.onnx").Order(StringComparer.Ordinal))
        {
            MatrixWeight? weight = ModelWeights.Load(path, 4096).MaxBy(w => w.Values.Length);
            if (weight is null || !path.Contains(options.Text("--match", string.Empty), StringComparison.Ordinal))
            {
                continue;
            }

            Stopwatch watch = Stopwatch.StartNew();
            FitResult result = WeightFitter.Fit(weight.Values, weight.Rows, weight.Columns, fit);
            double seconds = watch.Elapsed.TotalSeconds;
            (double one, double two) = Unexplained(weight, fit.StateDim);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {Path.GetFileNameWithoutExtension(path)} {weight.Rows}x{weight.Columns} | {one:0.0000} | {two:0.0000} | {result.Error:0.0000} | {result.Weight?.BitsPerWeight:0.00} | {seconds:0.0} {result.Status} |"));
        }

        return 0;
    }

    private static (double RankD, double Rank2D) Unexplained(MatrixWeight weight, int rank)
    {
        Matrix<double> w = Matrix<double>.Build.Dense(weight.Rows, weight.Columns, (k, n) => weight.Values[(k * weight.Columns) + n]);
        Matrix<double> gram = weight.Rows < weight.Columns ? w.TransposeAndMultiply(w) : w.TransposeThisAndMultiply(w);
        double[] energies = [.. gram.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).OrderDescending()];
        return (energies.Skip(rank).Sum() / energies.Sum(), energies.Skip(2 * rank).Sum() / energies.Sum());
    }
}
