using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;

namespace FlatLearning.Onnx.Planning;

/// <summary>Bytes of the whole file.</summary>
/// <param name="model">What plans are made of.</param>
/// <param name="run">Carries them out.</param>
/// <param name="limit">The most bytes.</param>
internal sealed class SizeSearch(PlanModel model, PlanRun run, long limit) : ByteSearch(model, run)
{
    private const int MaxSizes = 14;

    // Digits of the errors in the model's metadata.
    private const int SlackPerWeight = 8;

    private const int MaxCorrections = 3;

    private readonly PlanModel _model = model;
    private readonly FamilyPlans _families = new(model);

    /// <inheritdoc/>
    protected override long Limit => limit;

    /// <inheritdoc/>
    protected override long Slack => SlackPerWeight * (long)_model.Curves.All.Count;

    private Allocator Allocator => _model.Curves.Allocator;

    /// <inheritdoc/>
    protected override Allocation Plan(long bytes)
    {
        bytes -= Slack;
        Allocation? free = OfAnyStructures(bytes) is { } plan ? WithoutDearStructures(plan, bytes) : null;
        if (free is not null && _families.AreLight(free))
        {
            return free;
        }

        Allocation? few = _families.Best(
            (structures, functions, least) =>
                structures.LeastLoss(bytes - functions) < least
                && Within(structures, bytes) is var some && SizeOf(some) <= bytes
                    ? some
                    : null,
            some => some.Loss);
        return few is not null && !(few.Loss >= free?.Loss)
            ? few
            : free ?? _families.Smallest() ?? Allocator.Within(Allocator.MinBytes);
    }

    /// <inheritdoc/>
    protected override bool IsOfUse(Allocation plan) => SizeOf(plan) <= limit;

    /// <inheritdoc/>
    protected override long Measure(ConvertedModel converted) => _model.Sizes.Of(converted);

    /// <inheritdoc/>
    protected override double Reported(long bytes) => bytes;

    /// <summary>
    /// The best plan whose file takes so many bytes; null where none is found. Names, nodes and functions depend on
    /// what is chosen, so the bytes for weights are corrected by what the last plan took besides, or bisected where
    /// that leads back to a known plan.
    /// </summary>
    private Allocation? OfAnyStructures(long bytes)
    {
        (Allocation? best, long fits, long exceeds) = (null, 0, bytes);
        long budget = bytes - (_model.OriginalBytes - _model.Curves.All.Sum(curve => curve?.OriginalBytes ?? 0));
        for (int attempt = 0; attempt < MaxSizes; attempt++)
        {
            Allocation plan = Allocator.Within(budget);
            long size = SizeOf(plan);
            if (size <= bytes)
            {
                best = best is null || plan.Loss < best.Loss ? plan : best;
                fits = Math.Max(fits, budget);
                if (size >= CloseEnough * bytes)
                {
                    break;
                }
            }
            else
            {
                exceeds = Math.Min(exceeds, budget);
            }

            long corrected = plan.Bytes + bytes - size;
            budget = corrected > fits && corrected < exceeds ? corrected : fits + ((exceeds - fits) / 2);
            if (exceeds <= Math.Max(fits, Allocator.MinBytes) + 1)
            {
                break;
            }
        }

        return best;
    }

    /// <summary>
    /// A plan that may be better: every structure brings a function of some kilobytes. With those of the plan alone,
    /// what is not for weights stays the same; without one of them, its function's bytes go to the weights.
    /// </summary>
    private Allocation WithoutDearStructures(Allocation best, long bytes)
    {
        PlanStructures structures = _model.Structures;
        long bestSize = SizeOf(best);
        List<string> kept = [.. structures.Of(best)];
        Allocation same = structures.With(kept).Within(bytes - (bestSize - best.Bytes));
        best = same.Loss < best.Loss && SizeOf(same) <= bytes ? same : best;
        foreach (string structure in structures.Of(best))
        {
            Allocation without = structures.With(kept.Where(other => other != structure))
                .Within(bytes - (bestSize - best.Bytes) + structures.FunctionBytes(structure));
            long size = without.Loss < best.Loss ? SizeOf(without) : long.MaxValue;
            if (size <= bytes)
            {
                (best, bestSize) = (without, size);
                kept.Remove(structure);
            }
        }

        return best;
    }

    /// <summary>The best plan of an allocator; its smallest where none fits.</summary>
    private Allocation Within(Allocator allocator, long bytes)
    {
        Allocation smallest = allocator.Within(0);
        long excess = SizeOf(smallest) - bytes;
        long budget = smallest.Bytes - excess;
        for (int i = 0; i < MaxCorrections && excess <= 0 && budget > smallest.Bytes; i++)
        {
            Allocation larger = allocator.Within(budget);
            long over = SizeOf(larger) - bytes;
            if (over <= 0)
            {
                return larger;
            }

            budget -= over;
        }

        return smallest;
    }

    private long SizeOf(Allocation plan) => _model.Sizes.Of(plan.Choice);
}
