using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting;

/// <summary>
/// Turns one dense weight into the DyN representation. Stateless and safe to call from several threads; converters run
/// weights in parallel.
/// </summary>
public static class WeightFitter
{
    /// <summary>
    /// Fits one weight. The result depends on the weight, the plan and the options alone: same input, same bytes,
    /// whatever else runs.
    /// </summary>
    /// <param name="w">W, row-major [rows, columns], float32.</param>
    /// <param name="rows">K, inputs; 1 or more.</param>
    /// <param name="columns">N, outputs; 1 or more.</param>
    /// <param name="plan">What the weight is to be made of.</param>
    /// <param name="options">H, seed, threads; defaults where null.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, on any thread of the fit but one call at
    /// a time, or null.</param>
    /// <param name="cancellation">Stops the fit with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The shape or an option is out of range.</exception>
    public static FitResult Fit(
        ReadOnlyMemory<float> w,
        int rows,
        int columns,
        WeightPlan plan,
        FitOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        options ??= new FitOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        plan.Validate();
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
        return plan.Fit(target, options, progress, cancellation);
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
                    + "be converted";
            }
        }

        return null;
    }
}
