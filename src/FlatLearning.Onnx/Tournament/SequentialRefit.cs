using FlatLearning.Fitting;
using FlatLearning.Numerics;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Tournament;

/// <summary>
/// Fits the weights of a candidate again, one after the other in the order of the graph: each to what makes its
/// products with the inputs that it gets in the converted model nearest to those of the original, under the second
/// moments of these inputs. So each weight makes up for what the weights before it lost.
/// </summary>
internal sealed class SequentialRefit
{
    /// <summary>
    /// Multiplications of all passes through the model: in models with more weights and inputs, several weights are
    /// fitted between two passes.
    /// </summary>
    private const double MaxWork = 1L << 36;

    private const int MinPasses = 4;

    /// <summary>The share of the ridge of equations that codes are chosen with.</summary>
    private const double HessianShare = 0.2;

    /// <summary>Wider weights stay as they are: their equations take too long.</summary>
    private const int WidestWeight = 2048;

    private readonly ConversionDraft _draft;
    private readonly ILiveModel _live;
    private readonly CandidateWork _work;
    private readonly WeightMatrices _matrices;
    private readonly double _ridge;
    private readonly CancellationToken _cancellation;
    private readonly IReadOnlyList<IGrouping<string, int>> _groups;
    private readonly IReadOnlyDictionary<string, float[]> _expected;

    /// <summary>Runs the original.</summary>
    /// <param name="draft">The model's weights.</param>
    /// <param name="live">The model with all of its own weights.</param>
    /// <param name="matrices">Its weights.</param>
    /// <param name="work">The threads.</param>
    /// <param name="ridge">What the diagonal of second moments gets, as a share of its mean.</param>
    /// <param name="cancellation">Ends the work.</param>
    public SequentialRefit(
        ConversionDraft draft, ILiveModel live, WeightMatrices matrices, CandidateWork work, double ridge,
        CancellationToken cancellation)
    {
        (_draft, _live, _matrices, _work, _ridge, _cancellation) =
            (draft, live, matrices, work, ridge, cancellation);
        _groups = Groups();
        matrices.Show(live, null);
        _expected = live.Values(Probes(draft, live.Weights), cancellation);
    }

    /// <summary>The values that fits look at.</summary>
    /// <param name="draft">The model's weights.</param>
    /// <param name="weights">Those that can be exchanged.</param>
    public static IReadOnlyCollection<string> Probes(ConversionDraft draft, IEnumerable<int> weights) =>
        [.. weights.Where(i => draft.Candidates[i].Rows <= WidestWeight).SelectMany(i => Seen(draft, i))
            .Distinct(StringComparer.Ordinal)];

    /// <summary>Fits again what the inputs reach.</summary>
    /// <param name="outcomes">What was decided for every weight, and fitted where it is converted.</param>
    /// <param name="fit">Fits a weight in the form that was decided to a matrix under an H.</param>
    public IReadOnlyList<WeightOutcome?> Run(
        IReadOnlyList<WeightOutcome?> outcomes, Func<int, float[], Hessian, FitResult> fit)
    {
        WeightOutcome?[] refitted = [.. outcomes];
        HashSet<int> waiting = [.. _groups.SelectMany(group => group)];
        _matrices.Show(_live, [.. outcomes.Select((outcome, i) => waiting.Contains(i) ? null : outcome)]);
        foreach (IGrouping<string, int>[] block in _groups.Chunk(BlockLength()))
        {
            _cancellation.ThrowIfCancellationRequested();
            IReadOnlyDictionary<string, float[]> found = _live.Values(
                [.. block.SelectMany(group => group.SelectMany(i => Seen(_draft, i))).Distinct(StringComparer.Ordinal)],
                _cancellation);
            foreach (IGrouping<string, int> group in block)
            {
                Refit([.. group.Where(i => outcomes[i]?.Fit?.Weight is not null)], found, refitted, fit);
            }
        }

        return refitted;
    }

    /// <summary>Fits weights of the same inputs, and shows them to the model.</summary>
    private void Refit(
        int[] group, IReadOnlyDictionary<string, float[]> found, WeightOutcome?[] refitted,
        Func<int, float[], Hessian, FitResult> fit)
    {
        if (group.Length > 0 && Moments(group[0], found) is { } moments)
        {
            Hessian hessian = Hessian.Full(
                moments.Second, _draft.Candidates[group[0]].Rows, HessianShare * _ridge);
            FitResult[] fits = new FitResult[group.Length];
            _work.Workers.For(
                group.Length,
                item => fits[item] = fit(
                    group[item],
                    moments.Corrected(
                        _matrices.Original(group[item]), _ridge, _work.Workers, Missing(group[item], moments, found)),
                    hessian));
            for (int item = 0; item < fits.Length; item++)
            {
                int i = group[item];
                if (fits[item].Weight is { } weight)
                {
                    refitted[i] = refitted[i]! with
                    {
                        Fit = fits[item] with { Error = _matrices.ErrorOf(i, weight) },
                        Hessian = "synthetic",
                    };
                }
            }
        }

        foreach (int i in group)
        {
            _live.Set(i, WeightMatrices.Decode(refitted[i]!.Fit!.Weight!));
        }
    }

    /// <summary>Groups that are fitted after one pass.</summary>
    private int BlockLength()
    {
        double work = _groups.Sum(group => (double)_expected[Names(_draft, group.First())[0]].Length
            * group.Sum(i => _draft.Candidates[i].Columns));
        double passes = Math.Max(MinPasses, MaxWork / Math.Max(1, work));
        return Math.Max(1, (int)Math.Ceiling(_groups.Count / passes));
    }

    private LayerMoments? Moments(int weight, IReadOnlyDictionary<string, float[]> found)
    {
        IReadOnlyList<string> names = Names(_draft, weight);
        return LayerMoments.Of(
            [.. names.SelectMany(name => _expected[name])], [.. names.SelectMany(name => found[name])],
            _draft.Candidates[weight].Rows, _work.Workers);
    }

    /// <summary>What the product of a weight should make up for in what it is added to.</summary>
    private double[]? Missing(int weight, LayerMoments moments, IReadOnlyDictionary<string, float[]> found)
    {
        WeightCandidate candidate = _draft.Candidates[weight];
        return AddedValue.Of(candidate, _draft.Constants) is { } added
            ? moments.Missing(
                _expected[added], found[added], candidate.Columns,
                Names(_draft, weight).Sum(name => found[name].Length) / candidate.Rows, _work.Workers)
            : null;
    }

    /// <summary>
    /// The weights whose inputs can be seen, those with the same inputs together, in the graph's order.
    /// </summary>
    private List<IGrouping<string, int>> Groups()
    {
        Dictionary<NodeProto, int> places = [];
        foreach (NodeProto node in _draft.Constants.Index.Main.Nodes)
        {
            places[node] = places.Count;
        }

        return [.. _live.Weights.Order()
            .Where(i => _draft.Candidates[i].Rows <= WidestWeight && Names(_draft, i).Count > 0)
            .GroupBy(i => string.Join('\n', Names(_draft, i)))
            .OrderBy(group => group.Min(i => _draft.Candidates[i].Uses.Min(use => places[use.Node])))];
    }

    private static IEnumerable<string> Seen(ConversionDraft draft, int candidate) =>
        AddedValue.Of(draft.Candidates[candidate], draft.Constants) is { } added
            ? Names(draft, candidate).Append(added)
            : Names(draft, candidate);

    private static IReadOnlyList<string> Names(ConversionDraft draft, int candidate) =>
        WeightInputs.Of(draft.Candidates[candidate], draft.Constants.Index.Main)?.Names ?? [];
}
