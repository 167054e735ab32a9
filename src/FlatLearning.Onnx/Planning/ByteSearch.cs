using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;

namespace FlatLearning.Onnx.Planning;

/// <summary>
/// The largest plan within some bytes. Bytes of packed codes are known before they are fitted, but scales may take 32
/// bits where the sample said 16; those of entropy-coded ones are estimates, which the fits correct.
/// </summary>
internal abstract class ByteSearch(PlanModel model, PlanRun run) : ITargetSearch
{
    /// <summary>A plan of this share of the bytes asked for has met the target.</summary>
    protected const double CloseEnough = 0.995;

    private const int MaxAttempts = 8;

    /// <summary>The most bytes that the target allows.</summary>
    protected abstract long Limit { get; }

    /// <summary>Bytes that plans leave for what is only known with the fits.</summary>
    protected virtual long Slack => 0;

    /// <inheritdoc/>
    public ConvertedModel Run(IProgress<double>? progress, CancellationToken cancellation)
    {
        (ConvertedModel? best, Allocation? bestPlan, long bestBytes) = (null, null, long.MaxValue);

        // What the slack is for may need less of it, or nothing.
        long excess = run.PredictOnly ? 0 : -Slack;
        NearbyPlans nearby = new(
            model, run, Plan, IsOfUse, plan => Measure(run.Carry(plan, null, cancellation)) <= Limit, Slack);
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            Allocation plan = nearby.Best(Limit - excess, cancellation);
            ConvertedModel converted = run.Carry(plan, attempt == 0 ? progress : null, cancellation);
            long bytes = Measure(converted);
            bool met = bytes <= Limit;
            if (best is null || (met ? bytes > bestBytes || bestBytes > Limit : bytes < bestBytes))
            {
                (best, bestPlan, bestBytes) = (converted, plan, bytes);
            }

            bool corrected = run.Correct(plan);
            if (run.PredictOnly
                || (met && (!corrected || bytes >= CloseEnough * Limit))
                || (!met && plan.Bytes <= model.Curves.Allocator.MinBytes))
            {
                break;
            }

            if (!met && excess < 0)
            {
                excess = 0;
                continue;
            }

            // Estimates that were corrected may be right now.
            excess += met || (corrected && attempt == 0) ? 0 : bytes - Limit;
        }

        return run.Report(best!, bestPlan!, Reported(Limit), Reported(bestBytes), bestBytes <= Limit);
    }

    /// <summary>A plan that should take so many bytes at most.</summary>
    protected abstract Allocation Plan(long bytes);

    /// <summary>Whether a plan makes a model that is worth having.</summary>
    protected abstract bool IsOfUse(Allocation plan);

    /// <summary>The bytes of a model that the target is about.</summary>
    protected abstract long Measure(ConvertedModel converted);

    /// <summary>Bytes in the target's unit.</summary>
    protected abstract double Reported(long bytes);
}
