using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Planning;

/// <summary>
/// The smallest plan whose model has a signal-to-noise ratio at its worst output, measured in runs.
/// Sensitivities predict it up to a factor that changes slowly with the plan, so the aim for the predicted noise is
/// bisected between plans that reached the ratio and plans that did not.
/// </summary>
/// <param name="model">What plans are made of.</param>
/// <param name="run">Carries them out.</param>
/// <param name="meter">Measures the ratio.</param>
/// <param name="target">The smallest ratio in dB, or the largest divergence, which is half the noise over the
/// signal.</param>
internal sealed class SnrSearch(PlanModel model, PlanRun run, IOutputMeter meter, PlanTarget target) : ITargetSearch
{
    private const int MaxPlans = 12;

    /// <summary>
    /// The search ends when the bytes of the best plan and of the best one that failed differ by less than this share.
    /// </summary>
    private const double Narrow = 0.005;

    // Beside what a plan missed the ratio by, the next one goes this much farther, so that the ratio is between them.
    private const double MoreNoise = 1.02;
    private const double LessNoise = 0.98;

    /// <summary>What the aim for the noise is divided by where a plan's outputs are not finite.</summary>
    private const double Retreat = 16;

    private readonly double _decibels = target.Kind == TargetKind.Kl ? DecibelsOf(target.Value) : target.Value;

    /// <summary>The ratio that goes with a divergence.</summary>
    public static double DecibelsOf(double divergence) => -10 * Math.Log10(2 * divergence);

    /// <summary>Searches; for a prediction alone, the first plan.</summary>
    public ConvertedModel Run(IProgress<double>? progress, CancellationToken cancellation)
    {
        double aim = Math.Pow(10, -_decibels / 10);
        FamilyPlans families = new(model);
        if (run.PredictOnly)
        {
            Allocation only = families.WithLoss(aim);
            return Report(run.Carry(only, progress, cancellation), only, -10 * Math.Log10(only.Loss));
        }

        (double passed, double failed) = (double.NaN, double.NaN);
        (Allocation? best, ConvertedModel? bestModel, double bestSnr, long failedBytes) = (null, null, double.NaN, 0);
        for (int i = 0; i < MaxPlans; i++)
        {
            Allocation plan = families.WithLoss(aim);
            ConvertedModel converted = run.Carry(plan, i == 0 ? progress : null, cancellation);
            double snr = Measure(converted, cancellation);
            if (snr >= _decibels)
            {
                passed = aim;
                if (best is null || SizeOf(plan) < SizeOf(best))
                {
                    (best, bestModel, bestSnr) = (plan, converted, snr);
                }
            }
            else
            {
                (failed, failedBytes) = (aim, Math.Max(failedBytes, SizeOf(plan)));
            }

            if (double.IsPositiveInfinity(snr) || (best is not null && failedBytes >= (1 - Narrow) * SizeOf(best)))
            {
                break;
            }

            aim = Next(aim, snr, passed, failed);
        }

        if (best is not null)
        {
            return Report(bestModel!, best, bestSnr);
        }

        Allocation all = model.Curves.Allocator.Within(long.MaxValue);
        return Report(run.Carry(all, null, cancellation), all, double.PositiveInfinity);
    }

    private long SizeOf(Allocation plan) => model.Sizes.Of(plan.Choice);

    private double Measure(ConvertedModel converted, CancellationToken cancellation) =>
        converted.Weights.Any(weight => weight.SkippedReason is null)
            ? meter.WorstSnr(ModelRestorer.Restore(converted.Model), cancellation)
            : double.PositiveInfinity;

    /// <summary>
    /// The next aim. What the sensitivities leave out scales the noise: the first step corrects for it, later ones
    /// bisect.
    /// </summary>
    private double Next(double aim, double snr, double passed, double failed)
    {
        if (!double.IsNaN(passed) && !double.IsNaN(failed))
        {
            return Math.Sqrt(passed * failed);
        }

        double step = Math.Pow(10, (snr - _decibels) / 10);
        return double.IsNaN(snr) ? aim / Retreat : aim * step * (snr >= _decibels ? MoreNoise : LessNoise);
    }

    // Losses are shares of the outputs' energy already.
    private ConvertedModel Report(ConvertedModel converted, Allocation plan, double reached) => converted with
    {
        Target = new TargetReport(
            target.Kind.ToString().ToLowerInvariant(), target.Value,
            !double.IsFinite(reached) ? null
                : target.Kind == TargetKind.Kl ? 0.5 * Math.Pow(10, -reached / 10) : reached,
            reached >= _decibels,
            SizeOf(plan), plan.Loss, run.PredictOnly ? null : run.Loss(plan)),
    };
}
