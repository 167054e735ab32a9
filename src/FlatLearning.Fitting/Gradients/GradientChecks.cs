using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Gradients;

/// <summary>Compares the derivatives that fits of metrics step by with differences of their formulas.</summary>
public static class GradientChecks
{
    /// <summary>Checks metrics on the first rows and columns of a weight.</summary>
    /// <param name="w">W, row-major [rows, columns], finite.</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="metrics">The metrics, with the sizes to check.</param>
    /// <param name="seed">The start of random numbers.</param>
    /// <returns>The reports of each metric, by its name (<see cref="Dyn.Metrics.MetricKinds"/>); none where it is
    /// fitted without derivatives.</returns>
    public static IEnumerable<(string Metric, IReadOnlyList<GradientReport> Groups)> Run(
        ReadOnlyMemory<float> w, int rows, int columns, IEnumerable<MetricPlan> metrics, int seed)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        MetricTarget target = new(w, rows, columns, Hessian.Identity);
        FitOptions options = new() { Seed = seed };
        return metrics.Select(metric => (metric.Kind, metric.CheckGradients(target, options)));
    }
}
