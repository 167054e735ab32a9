using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Portable;

namespace FlatLearning.Onnx.Planning;

/// <summary>
/// The structures of a plan: each brings a model-local function of some kilobytes, which the curves of single weights
/// do not know. What a structure gains must be worth its function.
/// </summary>
/// <param name="draft">The model.</param>
/// <param name="curves">What its weights may become.</param>
internal sealed class PlanStructures(ConversionDraft draft, IReadOnlyList<WeightCurve?> curves)
{
    private const long OutOfReach = 1L << 50;

    /// <summary>The price of a byte is measured over this share of the bytes.</summary>
    private const double PriceShare = 0.02;

    private readonly Dictionary<string, long> _bytes = [];

    /// <summary>Every structure that a weight may get.</summary>
    public IEnumerable<string> All =>
        curves.SelectMany(curve => curve?.Structures ?? []).OfType<string>().Distinct();

    /// <summary>
    /// Structures for models that have no room for the functions of many: all that store codes in one way, whatever
    /// becomes of the weight, and each by itself.
    /// </summary>
    public IEnumerable<IReadOnlyCollection<string>> Families
    {
        get
        {
            IReadOnlyCollection<string>[] alike = [
                .. curves.OfType<WeightCurve>()
                    .SelectMany(curve => curve.Options.OfType<PlanOption>()
                        .Select(option => (option.Structure, Whole: option.Structure + curve.Ending)))
                    .GroupBy(option => option.Structure, option => option.Whole)
                    .Select(group => group.ToHashSet())];
            return alike.Concat(
                alike.Where(group => group.Count > 1).SelectMany(group => group).Select(one => (string[])[one]));
        }
    }

    /// <summary>The structures of a choice, the one with the fewest bytes first.</summary>
    public IReadOnlyList<string> Of(Allocation plan) =>
    [
        .. curves.Select(
            (curve, i) => (curve?.Structures.ElementAt(plan.Choice[i]), curve?.BytesOf(plan.Choice[i]) ?? 0))
            .Where(item => item.Item1 is not null)
            .GroupBy(item => item.Item1!, item => item.Item2)
            .OrderBy(group => group.Sum())
            .Select(group => group.Key),
    ];

    /// <summary>Bytes of tables that weights of a structure may share.</summary>
    public long CommonBytes(IEnumerable<string> structures) => structures.Sum(CommonBytes);

    /// <inheritdoc cref="CommonBytes(IEnumerable{string})"/>
    public long CommonBytes(string structure) =>
        curves.OfType<WeightCurve>()
            .SelectMany(curve => curve.Options.Where((_, o) => curve.Structures[o] == structure))
            .Max(option => option!.CommonBytes);

    /// <summary>An allocator that sees only options of some structures.</summary>
    public Allocator With(IEnumerable<string> structures)
    {
        HashSet<string> known = [.. structures];
        return new Allocator([.. curves.Select(curve => curve is null
            ? (IReadOnlyList<(long, double)>)[(0, 0)]
            : [.. curve.Items.Select(
                (item, o) => curve.Structures[o] is { } structure && !known.Contains(structure)
                    ? (OutOfReach, item.Loss)
                    : item)])]);
    }

    /// <summary>Bytes of the function of a structure; 0 where the model gets none.</summary>
    public long FunctionBytes(string structure)
    {
        if (!_bytes.TryGetValue(structure, out long bytes))
        {
            (WeightCurve curve, int weight) = curves.Select((curve, i) => (curve!, i))
                .First(item => item.Item1?.Structures.Contains(structure) == true);
            PlanOption option = curve.Options[curve.Structures.ToList().IndexOf(structure)]!;
            WeightCandidate candidate = draft.Candidates[weight];
            bytes = draft.FunctionOpset(candidate) is { } opset
                && draft.Outline(candidate, option.Skeleton()).Structure is { } body
                    ? PortableFunction.Build(body, opset, Dyn.Operators.DynOperator.Name).CalculateSize()
                    : 0;
            _bytes[structure] = bytes;
        }

        return bytes;
    }

    /// <summary>
    /// A plan within the same bytes for weights without the structures that gain less than their functions' bytes would
    /// gain elsewhere, at the price of a byte there.
    /// </summary>
    /// <param name="allocator">Chooses among all options.</param>
    /// <param name="plan">What it chose.</param>
    /// <param name="budget">Bytes.</param>
    /// <param name="share">The share of the plan's loss that a structure must take away, in place of that price; null
    /// for the price.</param>
    public Allocation Pruned(Allocator allocator, Allocation plan, long budget, double? share = null)
    {
        List<string> kept = [.. Of(plan)];
        double price = share is not null
            ? 0
            : (allocator.Within((long)((1 - PriceShare) * budget)).Loss - plan.Loss) / (PriceShare * budget);
        foreach (string structure in kept.Count > 1 ? kept.ToArray() : [])
        {
            if (kept.Count == 1 || FunctionBytes(structure) == 0)
            {
                continue;
            }

            Allocation without = With(kept.Where(other => other != structure)).Within(budget);
            if (without.Bytes <= budget
                && without.Loss - plan.Loss < (share * plan.Loss ?? price * FunctionBytes(structure)))
            {
                kept.Remove(structure);
                plan = without;
            }
        }

        return plan;
    }
}
