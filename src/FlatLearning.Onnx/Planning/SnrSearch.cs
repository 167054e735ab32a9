using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Planning;

/// <summary>
/// The smallest plan whose model has a signal-to-noise ratio at its worst output, measured in runs.
/// Sensitivities predict it up to a factor that changes slowly with the plan, so the aim for the predicted noise is
/// bisected between plans that reached the ratio and plans that did not.
/// </summary>
internal sealed class SnrSearch(
    Allocator allocator, PlanFits fits, IOutputMeter meter, double decibels, ConvertOptions options)
{
    private const int MaxPlans = 12;

    /// <summary>
    /// The search ends when the bytes of the best plan and of the best one that failed differ by less than this share.
    /// </summary>
    private const double Narrow = 0.005;

    /// <summary>Searches; for a prediction alone, the first plan.</summary>
    public ConvertedModel Run(IProgress<double>? progress, CancellationToken cancellation)
    {
        double aim = Math.Pow(10, -decibels / 10);
        if (options.PredictOnly)
        {
            Allocation only = allocator.WithLoss(aim) ?? allocator.Within(long.MaxValue);
            return Report(fits.AssembleSkeleton(only.Choice), only, -10 * Math.Log10(only.Loss), measured: null);
        }

        (double passed, double failed) = (double.NaN, double.NaN);
        (Allocation? best, ConvertedModel? bestModel, double bestSnr, long failedBytes) = (null, null, double.NaN, 0);
        for (int i = 0; i < MaxPlans; i++)
        {
            Allocation allocation = allocator.WithLoss(aim) ?? allocator.Within(long.MaxValue);
            fits.Make(allocation.Choice, i == 0 ? progress : null, cancellation);
            ConvertedModel model = fits.Assemble(allocation.Choice);
            double snr = model.Weights.Any(weight => weight.SkippedReason is null)
                ? meter.WorstSnr(ModelRestorer.Restore(model.Model), cancellation)
                : double.PositiveInfinity;
            if (snr >= decibels)
            {
                passed = aim;
                if (best is null || allocation.Bytes < best.Bytes)
                {
                    (best, bestModel, bestSnr) = (allocation, model, snr);
                }
            }
            else
            {
                (failed, failedBytes) = (aim, Math.Max(failedBytes, allocation.Bytes));
            }

            if (double.IsPositiveInfinity(snr) || (best is not null && failedBytes >= (1 - Narrow) * best.Bytes))
            {
                break;
            }

            // What the sensitivities leave out scales the noise: the first step corrects for it, later ones bisect.
            double step = Math.Pow(10, (snr - decibels) / 10);
            aim = !double.IsNaN(passed) && !double.IsNaN(failed) ? Math.Sqrt(passed * failed)
                : double.IsNaN(snr) ? aim / 16
                : aim * step * (snr >= decibels ? 1.02 : 0.98);
        }

        if (best is not null)
        {
            return Report(bestModel!, best, bestSnr, fits.Loss(best.Choice));
        }

        Allocation all = allocator.Within(long.MaxValue);
        fits.Make(all.Choice, null, cancellation);
        ConvertedModel largest = fits.Assemble(all.Choice);
        return Report(largest, all, double.PositiveInfinity, fits.Loss(all.Choice));
    }

    private ConvertedModel Report(ConvertedModel model, Allocation allocation, double reached, double? measured)
    {
        long predicted = ModelSize.WhenSaved(fits.AssembleSkeleton(allocation.Choice).Model, options.Output);
        double? finite = double.IsFinite(reached) ? reached : null;
        return model
            with {
                Target = new TargetReport(
                    "snr", decibels, finite, reached >= decibels, predicted, allocation.Loss, measured) };
    }
}
