using FlatLearning.Dyn.Layout;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Fitting.Sparse;

/// <summary>
/// Weights that are mostly zeros, as filter banks are: their elements alone, all of them or the strongest. No code does
/// well there, since scales say nothing of which elements are zero.
/// </summary>
internal static class SparseOptions
{
    /// <summary>A larger share of elements takes more than 6 bits per weight.</summary>
    private const double MaxShare = 0.25;

    private static readonly double[] Shares = [1, 0.8, 0.6, 0.45, 0.3, 0.2];

    /// <summary>The options; none for other weights.</summary>
    public static IEnumerable<PlanOption> Measure(MetricTarget target, FitOptions options)
    {
        List<(int Row, int Column, float Value)> elements = SparsePlan.StrongestFirst(target, MaxShare) ?? [];
        foreach (double share in elements.Count > 0 ? Shares : [])
        {
            SparsePlan plan = new() { Share = share };
            SparseElements stored = plan.Take(target, elements);
            FitResult fit = SparsePlan.Fit(target, stored);
            yield return new PlanOption(
                target, options, new MeasuredSparse(stored, plan), stored.ByteLength, fit.WeightedError, fit.Error);
        }
    }
}
