using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;

namespace FlatLearning.Onnx.Planning;

/// <summary>The smallest plan whose weights lose a share of their energy at most.</summary>
/// <param name="model">What plans are made of.</param>
/// <param name="run">Carries them out.</param>
/// <param name="error">The largest share.</param>
internal sealed class ErrorSearch(PlanModel model, PlanRun run, double error) : ITargetSearch
{
    private const int MaxAttempts = 8;
    private const int MaxCorrections = 3;

    /// <summary>
    /// A model of this share of the error has met it, where corrected estimates could bring it nearer.
    /// </summary>
    private const double CloseEnough = 0.98;

    /// <summary>What the aim is lowered by beside what it was missed by.</summary>
    private const double Margin = 0.98;

    /// <inheritdoc/>
    public ConvertedModel Run(IProgress<double>? progress, CancellationToken cancellation)
    {
        double sensitivity = model.Curves.Sensitivity;
        double limit = error * sensitivity;
        double aim = limit;
        for (int attempt = 1; ; attempt++)
        {
            Allocation plan = WithLoss(aim);
            ConvertedModel converted = run.Carry(plan, attempt == 1 ? progress : null, cancellation);
            double loss = run.Loss(plan);
            bool corrected = run.Correct(plan);
            if ((loss <= limit && (!corrected || loss >= CloseEnough * limit || attempt > MaxCorrections))
                || attempt == MaxAttempts)
            {
                return run.Report(converted, plan, error, sensitivity > 0 ? loss / sensitivity : 0, loss <= limit);
            }

            // Estimates that were corrected may be right now.
            aim = corrected && attempt <= MaxCorrections ? limit : aim * Margin * limit / loss;
        }
    }

    /// <summary>
    /// The fewest bytes for a loss, functions counted: the structures of a plan are pruned, and the loss is sought
    /// again with those that are left.
    /// </summary>
    private Allocation WithLoss(double loss)
    {
        (Allocator allocator, PlanStructures structures) = (model.Curves.Allocator, model.Structures);
        if (allocator.WithLoss(loss) is not { } plan)
        {
            return allocator.Within(long.MaxValue);
        }

        IReadOnlyList<string> kept = structures.Of(structures.Pruned(allocator, plan, plan.Bytes));
        return kept.Count > 0
            && structures.With(kept).WithLoss(loss) is { } pruned
            && pruned.Bytes + kept.Sum(structures.FunctionBytes)
                < plan.Bytes + structures.Of(plan).Sum(structures.FunctionBytes)
            ? pruned
            : plan;
    }
}
