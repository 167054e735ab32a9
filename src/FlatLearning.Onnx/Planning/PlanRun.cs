using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;

namespace FlatLearning.Onnx.Planning;

/// <summary>Carries plans out, learns from their fits, and reports on how the target was met.</summary>
/// <param name="model">What the plans are made of.</param>
/// <param name="kind">The target's kind.</param>
/// <param name="predictOnly">Whether plans are predicted and not fitted.</param>
internal sealed class PlanRun(PlanModel model, TargetKind kind, bool predictOnly)
{
    /// <summary>
    /// Size and loss of the first plan, before its fits corrected estimates; null where there are none.
    /// </summary>
    private (long Bytes, double Loss)? _predicted;

    /// <summary>Whether plans are predicted and not fitted.</summary>
    public bool PredictOnly => predictOnly;

    /// <summary>The model of a plan, fitted where it is to be.</summary>
    public ConvertedModel Carry(Allocation plan, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (predictOnly)
        {
            return model.Fits.AssembleSkeleton(plan.Choice);
        }

        model.Fits.Make(plan.Choice, progress, cancellation);
        return model.Fits.Assemble(plan.Choice);
    }

    /// <summary>Fits what a plan chose, and learns the errors.</summary>
    public void Fit(IReadOnlyList<int> choice, CancellationToken cancellation)
    {
        model.Fits.Make(choice, null, cancellation);
        model.Curves.Learn(
            Enumerable.Range(0, choice.Count)
                .Where(i => model.Curves.All[i] is { } curve && curve.Options[choice[i]] is not null
                    && !curve.Fitted.ContainsKey(choice[i]))
                .Select(i => (i, choice[i], model.Fits.Of(i, choice[i]).WeightedError))
                .ToArray());
    }

    /// <summary>The loss of a plan that was carried out: by its fits, where there are any.</summary>
    public double Loss(Allocation plan) => predictOnly ? plan.Loss : model.Fits.Loss(plan.Choice);

    /// <summary>Learns from the fits of a plan how far estimates were off; whether it has any.</summary>
    public bool Correct(Allocation plan)
    {
        if (predictOnly || !model.Curves.HasEstimates(plan.Choice))
        {
            return false;
        }

        _predicted ??= Predicted(plan);
        model.Curves.Correct(plan.Choice, i => model.Fits.Of(i, plan.Choice[i]));
        return true;
    }

    /// <summary>The model with its report.</summary>
    /// <param name="converted">The model of a plan.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="asked">The target.</param>
    /// <param name="reached">What the model has in the target's unit; null where that is no number.</param>
    /// <param name="met">Whether that meets the target.</param>
    public ConvertedModel Report(ConvertedModel converted, Allocation plan, double asked, double? reached, bool met)
    {
        double scale = model.Curves.Sensitivity > 0 ? 1 / model.Curves.Sensitivity : 0;
        (long bytes, double loss) = _predicted ?? Predicted(plan);
        return converted with
        {
            Target = new TargetReport(
                kind.ToString().ToLowerInvariant(), asked, reached, met, bytes, loss * scale,
                predictOnly ? null : model.Fits.Loss(plan.Choice) * scale),
        };
    }

    private (long Bytes, double Loss) Predicted(Allocation plan) =>
        (model.Sizes.Of(plan.Choice), model.Curves.EstimatedLoss(plan.Choice));
}
