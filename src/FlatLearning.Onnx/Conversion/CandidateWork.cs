using FlatLearning.Numerics;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// Does the same work for several weights at a time, the largest first; threads that find no further weight help with
/// those in work. What the work gives must depend on its weight alone, so that the results are the same for any number
/// of threads. Memory: the weights in work at a time have few times the elements of the largest.
/// </summary>
internal sealed class CandidateWork(ModelConstants constants, int threads)
{
    /// <summary>Weights in work at a time have at most this many times the elements of the largest ...</summary>
    private const long LargestWeights = 4;

    /// <summary>... or so many elements, whatever is more.</summary>
    private const long SmallElements = 1 << 24;

    private readonly ThreadWorkers _workers = new(threads);
    private readonly Lock _reading = new();

    /// <summary>The threads, for work inside of a weight.</summary>
    public IWorkers Workers => _workers;

    /// <summary>
    /// The results in the order of the candidates; null for those that are skipped, and where the work gives none.
    /// </summary>
    /// <param name="candidates">All candidates; those with a reason are skipped.</param>
    /// <param name="work">Gets a candidate's index, its K x N matrix, row-major, and where to report its
    /// progress.</param>
    /// <param name="progress">Receives shares of all work, from any thread.</param>
    /// <param name="cancellation">Stops between the weights; the work itself looks at it too.</param>
    /// <param name="only">The candidates to work on; null for all that are not skipped.</param>
    public T?[] Run<T>(
        IReadOnlyList<WeightCandidate> candidates,
        Func<int, float[], IProgress<double>?, T?> work,
        IProgress<double>? progress,
        CancellationToken cancellation,
        IReadOnlySet<int>? only = null)
        where T : class
    {
        T?[] results = new T?[candidates.Count];
        int[] order = [.. Enumerable.Range(0, candidates.Count)
            .Where(i => candidates[i].Reason is null && only?.Contains(i) != false)
            .OrderByDescending(i => candidates[i].Info.Count)];
        ProgressShares shares = new(
            progress, [.. candidates.Select((candidate, i) => order.Contains(i) ? (double)candidate.Info.Count : 0)]);
        long[] sizes = [.. order.Select(i => candidates[i].Info.Count)];
        _workers.ForWithin(sizes, Math.Max(LargestWeights * sizes.FirstOrDefault(), SmallElements), item =>
        {
            cancellation.ThrowIfCancellationRequested();
            int i = order[item];
            results[i] = work(i, Matrix(candidates[i]), shares.Of(i));
        });
        return results;
    }

    /// <summary>The K x N matrix: folded, turned and scaled as the uses need it. Row-major.</summary>
    private float[] Matrix(WeightCandidate candidate)
    {
        if (candidate.Members.Count > 0)
        {
            float[] rows = new float[candidate.Rows * candidate.Columns];
            int begin = 0;
            foreach (WeightCandidate member in candidate.Members)
            {
                float[] part = Matrix(member, candidate.Uses[0].View);
                part.CopyTo(rows, begin);
                begin += part.Length;
            }

            return rows;
        }

        return Matrix(candidate, candidate.Uses[0].View);
    }

    private float[] Matrix(WeightCandidate candidate, MatrixView view)
    {
        WeightUse use = candidate.Uses[0];
        DenseTensor value;
        lock (_reading)
        {
            value = constants.Read(use.Scope, use.ValueName)!;
        }

        return view.Read(value);
    }
}
