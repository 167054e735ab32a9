using FlatLearning.Dyn;
using FlatLearning.Dyn.Terms;
using FlatLearning.Fitting.Bands;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Entropy;
using FlatLearning.Fitting.Hybrids;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting;

/// <summary>
/// Turns one dense weight into the DyN representation. Stateless and safe to call from several threads; converters run
/// weights in parallel.
/// </summary>
public static class WeightFitter
{
    /// <summary>
    /// Fits one weight. The result depends on the weight and the options alone: same input, same bytes, whatever else
    /// runs.
    /// </summary>
    /// <param name="w">W, row-major [rows, columns], float32.</param>
    /// <param name="rows">K, inputs; 1 or more.</param>
    /// <param name="columns">N, outputs; 1 or more.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, on any thread of the fit but one call at
    /// a time, or null.</param>
    /// <param name="cancellation">Stops the fit with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The shape or an option is out of range.</exception>
    public static FitResult Fit(
        ReadOnlyMemory<float> w,
        int rows,
        int columns,
        FitOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        options.Validate();
        if ((long)rows * columns != w.Length)
        {
            throw new ArgumentException(
                $"a weight of {rows} x {columns} needs {(long)rows * columns} values, found {w.Length}", nameof(w));
        }

        options.Hessian.RequireRows(rows);
        if (NotFinite(w.Span, columns) is { } reason)
        {
            return FitResult.None(FitStatus.NotFinite, reason);
        }

        MetricTarget target = new(w, rows, columns, options.Hessian) { Workers = options.Workers };
        if (options.Storage == CodeStorage.Entropy)
        {
            return EntropyFitter.Fit(target, options, progress, cancellation);
        }

        if (options.Method == FitMethod.Auto && options.BitsPerWeight > 0)
        {
            return AutoFitter.Fit(target, options, progress, cancellation);
        }

        return Fit(target, options, progress, cancellation);
    }

    /// <summary>Where the first element that is not finite stands, as a clause; null where there is none.</summary>
    /// <param name="w">Row-major, of any number of rows.</param>
    /// <param name="columns">N.</param>
    public static string? NotFinite(ReadOnlySpan<float> w, int columns)
    {
        for (int i = 0; i < w.Length; i++)
        {
            if (!float.IsFinite(w[i]))
            {
                return $"the weight is {w[i]} at row {i / columns}, column {i % columns}; only finite weights can "
                    + $"be converted";
            }
        }

        return null;
    }

    /// <summary>Fits a finite weight by the method that the options name.</summary>
    internal static FitResult Fit(
        MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation) =>
        MetricFitters.For(options.Method) switch
        {
            null when options.BandBits > 0 => BandFitter.Fit(target, options, progress, cancellation),
            null => CodesFitter.Fit(target, options, progress, cancellation),
            { } metric when options.Residual => HybridFitter.Fit(metric, target, options, progress, cancellation),
            { } metric => FitMetric(metric, target, options, progress, cancellation),
        };

    private static FitResult FitMetric(
        IMetricFitter fitter,
        MetricTarget target,
        FitOptions options,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        MetricFit fit = fitter.Fit(target, options, progress, cancellation);
        DynWeight weight = new(target.Rows, target.Columns, null, null, new MetricTerm(fit.Metric));
        (double plain, double weighted) = target.Hessian.IsIdentity
            ? (fit.Error, fit.Error)
            : TargetErrors.Relative(target, MetricField.Of(fit.Metric, target.Workers));
        return new FitResult(weight, plain, weighted, fit.Status, null);
    }
}
