using FlatLearning.Fitting.Bands;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Entropy;
using FlatLearning.Fitting.Hybrids;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Planning;

/// <summary>Carries an option out.</summary>
public static class PlannedFit
{
    /// <summary>Fits what an option says; its metric is not fitted again.</summary>
    /// <param name="w">W, row-major, of the option's shape.</param>
    /// <param name="option">The option, measured for this weight.</param>
    /// <param name="workers">The threads of the fit; by default the caller's alone.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the fit with an <see cref="OperationCanceledException"/>.</param>
    public static FitResult Run(
        ReadOnlyMemory<float> w,
        PlanOption option,
        IWorkers? workers = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(option);
        FitOptions options = option.Options with { Workers = workers ?? ThreadWorkers.Single };
        MetricTarget target = new(w, option.Rows, option.Columns, options.Hessian) { Workers = options.Workers };
        if (option.Sparse is not null)
        {
            return new FitResult(option.Skeleton(), option.PlainError, option.Error, FitStatus.Converged, null);
        }

        if (option.Entropy is { } entropy)
        {
            FitResult coded = EntropyFitter.FitAt(target, entropy.Metric, entropy.Step, cancellation);
            progress?.Report(1);
            return coded;
        }

        if (option.Bands is { } bands)
        {
            return BandFitter.Fit(target, bands, progress, cancellation);
        }

        if (option.Start is not { Metric: { } metric } start)
        {
            return WeightFitter.Fit(w, option.Rows, option.Columns, options, progress, cancellation);
        }

        return CodesFitter.Fit(
            target, [start with { Field = MetricField.Of(metric, target.Workers) }], options, progress, cancellation);
    }
}
