using FlatLearning.Fitting.Planning;

namespace FlatLearning.Onnx.Planning;

/// <summary>
/// Plans with the functions of few families of structures. What the weights alone like best may bring functions that
/// cost more of the file than they gain, and leaving these out one by one does not find the way to few of them.
/// </summary>
/// <param name="model">What plans are made of.</param>
internal sealed class FamilyPlans(PlanModel model)
{
    /// <summary>
    /// Where functions take no more than this share of the file, such plans need not be looked for.
    /// </summary>
    private const double LightFunctions = 0.01;

    private const int MaxFamilies = 3;

    /// <summary>Bytes that a plan may be too large by, as a share.</summary>
    private const double Tolerance = 0.0005;

    private const long AnySize = long.MaxValue / 2;

    private readonly IReadOnlyCollection<string>[] _families = [.. model.Structures.Families];
    private readonly int _weights = model.Curves.All.Count(curve => curve is not null);

    /// <summary>Whether the functions of a plan are light beside the rest of its file.</summary>
    public bool AreLight(Allocation plan) => FunctionBytes(plan) <= LightFunctions * model.Sizes.Of(plan.Choice);

    /// <summary>
    /// The plan of the least cost with one family, then with one more as long as that gains; null where there is none.
    /// </summary>
    /// <param name="plan">From an allocator of some structures, the bytes of their functions, and the least cost so
    /// far: a plan; null where none costs less.</param>
    /// <param name="cost">What is to be least.</param>
    public Allocation? Best(Func<Allocator, long, double, Allocation?> plan, Func<Allocation, double> cost)
    {
        (Allocation? best, double least, string[] kept) = (null, double.PositiveInfinity, []);
        for (int count = 0; count < Math.Min(MaxFamilies, _weights); count++)
        {
            string[] before = kept;
            foreach (string[] tried in _families.Select(family => (string[])[.. before.Union(family)]))
            {
                if (tried.Length > before.Length
                    && plan(
                        model.Structures.With(tried), tried.Sum(model.Structures.FunctionBytes), least) is { } found
                    && cost(found) < least)
                {
                    (best, least, kept) = (found, cost(found), tried);
                }
            }

            if (kept.Length == before.Length)
            {
                break;
            }
        }

        return best;
    }

    /// <summary>The plan of one family whose file is smallest; null where there are no weights.</summary>
    public Allocation? Smallest() =>
        _families.Select(family => model.Structures.With(family).Within(0)).MinBy(plan => model.Sizes.Of(plan.Choice));

    /// <summary>
    /// The plan of the smallest file that loses so much at most; the one that loses least where all lose more.
    /// </summary>
    /// <param name="loss">In the unit of the allocator's losses.</param>
    public Allocation WithLoss(double loss)
    {
        Allocator allocator = model.Curves.Allocator;
        if (allocator.WithLoss(loss) is not { } plan)
        {
            return allocator.Within(long.MaxValue);
        }

        if (AreLight(plan))
        {
            return plan;
        }

        PlanStructures structures = model.Structures;
        string[] kept = [.. structures.Of(structures.Pruned(allocator, plan, plan.Bytes))];
        Allocation?[] plans = [
            plan, kept.Length > 0 ? structures.With(kept).WithLoss(loss) : null,
            Best(
                (some, functions, least) => some.LeastLoss((long)Math.Min(least, AnySize) - functions) > loss
                    ? null
                    : some.WithLoss(loss, Tolerance),
                some => model.Sizes.Of(some.Choice))];
        return plans.OfType<Allocation>().MinBy(some => model.Sizes.Of(some.Choice))!;
    }

    private long FunctionBytes(Allocation plan) => model.Structures.Of(plan).Sum(model.Structures.FunctionBytes);
}
