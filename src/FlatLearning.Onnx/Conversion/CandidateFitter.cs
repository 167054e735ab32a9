using FlatLearning.Fitting;
using FlatLearning.Numerics;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// Fits the candidates, several at a time, the largest first. Every fit depends on its weight and the options alone, so the results are
/// the same for any number of threads. Memory: one weight and its fit per thread.
/// </summary>
internal sealed class CandidateFitter(ModelConstants constants, ConvertOptions options)
{
    private readonly Lock _reading = new();

    /// <summary>The fits in the order of the candidates; null for those that are skipped.</summary>
    public FitResult?[] Fit(IReadOnlyList<WeightCandidate> candidates, IProgress<double>? progress, CancellationToken cancellation)
    {
        FitResult?[] fits = new FitResult?[candidates.Count];
        int[] order = [.. Enumerable.Range(0, candidates.Count)
            .Where(i => candidates[i].Reason is null)
            .OrderByDescending(i => candidates[i].Info.Count)];
        ProgressShares shares = new(progress, [.. candidates.Select(candidate => candidate.Reason is null ? (double)candidate.Info.Count : 0)]);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Math.Max(1, options.Threads), CancellationToken = cancellation };
        try
        {
            Parallel.ForEach(
                System.Collections.Concurrent.Partitioner.Create(order, loadBalance: true),
                parallel,
                i => fits[i] = WeightFitter.Fit(Matrix(candidates[i]), candidates[i].Rows, candidates[i].Columns, options.Fit, shares.Of(i), cancellation));
        }
        catch (AggregateException exception) when (exception.InnerExceptions.Any(inner => inner is OperationCanceledException))
        {
            throw new OperationCanceledException(cancellation);
        }

        return fits;
    }

    /// <summary>The K x N matrix: folded, turned and scaled as the uses need it. Row-major.</summary>
    private float[] Matrix(WeightCandidate candidate)
    {
        WeightUse use = candidate.Uses[0];
        DenseTensor value;
        lock (_reading)
        {
            value = constants.Read(use.Scope, use.ValueName)!;
        }

        float[] matrix = value.ToSingles();
        if (use.Transposed)
        {
            matrix = MatrixTranspose.Of(matrix, candidate.Columns, candidate.Rows);
        }

        if (use.Alpha != 1)
        {
            matrix = Array.ConvertAll(matrix, element => element * use.Alpha);
        }

        return matrix;
    }
}
