using FlatLearning.Fitting.Gradients;

namespace FlatLearning.Fitting.Metrics;

/// <summary>
/// Fits one kind of metric to a matrix: stateless, one file and one folder per kind, listed in
/// <see cref="MetricFitters"/>. A fit depends on the target and the options alone (budgets are counted in operations),
/// gives finite numbers for every finite target, and is never worse than a metric of zeros.
/// </summary>
public interface IMetricFitter
{
    /// <summary>The metric's name, one of <see cref="Dyn.Metrics.MetricKinds"/>.</summary>
    string Name { get; }

    /// <summary>Fits the metric.</summary>
    /// <param name="target">The matrix and the weight of its errors.</param>
    /// <param name="options">Sizes, bits of the states, seed and budget (<see cref="FitOptions.MetricSeconds"/>); what
    /// concerns codes is ignored.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1 on the calling thread, or null.</param>
    /// <param name="cancellation">Stops the fit with an <see cref="OperationCanceledException"/>.</param>
    MetricFit Fit(
        MetricTarget target,
        FitOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default);

    /// <summary>
    /// Compares the derivatives that <see cref="Fit"/> steps by with central differences in double precision, on the
    /// first rows and columns of the target. Empty where a fit uses none.
    /// </summary>
    IReadOnlyList<GradientReport> CheckGradients(MetricTarget target, FitOptions options);
}
