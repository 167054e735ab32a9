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

    /// <summary>
    /// Estimates are off by up to a tenth: a plan that should lose this share of the limit may lose less than all of
    /// it, and is fitted where its file is so much smaller.
    /// </summary>
    private const double Hope = 1.1;
    private const double WorthAFit = 0.98;

    /// <inheritdoc/>
    public ConvertedModel Run(IProgress<double>? progress, CancellationToken cancellation)
    {
        double sensitivity = model.Curves.Sensitivity;
        double limit = error * sensitivity;
        double aim = limit;
        FamilyPlans families = new(model);
        for (int attempt = 1; ; attempt++)
        {
            Allocation plan = families.WithLoss(aim);
            ConvertedModel converted = run.Carry(plan, attempt == 1 ? progress : null, cancellation);
            double loss = run.Loss(plan);
            bool corrected = run.Correct(plan);
            if ((loss <= limit && (!corrected || loss >= CloseEnough * limit || attempt > MaxCorrections))
                || attempt == MaxAttempts)
            {
                if (attempt == 1 && !run.PredictOnly
                    && families.WithLoss(Hope * limit) is var smaller
                    && model.Sizes.Of(smaller.Choice) < WorthAFit * model.Sizes.Of(plan.Choice)
                    && run.Carry(smaller, null, cancellation) is var better
                    && run.Loss(smaller) <= limit)
                {
                    (plan, converted, loss) = (smaller, better, run.Loss(smaller));
                }

                return run.Report(converted, plan, error, sensitivity > 0 ? loss / sensitivity : 0, loss <= limit);
            }

            // Estimates that were corrected may be right now.
            aim = corrected && attempt <= MaxCorrections ? limit : aim * Margin * limit / loss;
        }
    }
}
