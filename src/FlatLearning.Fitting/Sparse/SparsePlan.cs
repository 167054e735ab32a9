using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Sparse;

/// <summary>
/// A weight of its strongest elements alone; what is zero or weak is left out. For weights of fewer than 2^31 elements
/// under a diagonal H.
/// </summary>
public sealed record SparsePlan : WeightPlan
{
    /// <summary>The share of the elements that are not zero to store, above 0, up to 1; at least one is.</summary>
    public double Share { get; init; } = 1;

    internal override void Validate() =>
        Require(Share is > 0 and <= 1, $"the share of elements is {Share}, expected above 0, up to 1");

    internal override FitResult Fit(
        MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        List<(int Row, int Column, float Value)>? elements = StrongestFirst(target, maxShare: 1);
        return elements is { Count: > 0 }
            ? Fit(target, Take(target, elements))
            : FitResult.None(
                FitStatus.NotRepresentable,
                "sparse elements need some that are not zero among fewer than 2^31, and a diagonal H");
    }

    /// <summary>
    /// The elements that are not zero, the strongest under H first; null where they are more than a share, or where
    /// sparse elements do not serve.
    /// </summary>
    internal static List<(int Row, int Column, float Value)>? StrongestFirst(MetricTarget target, double maxShare)
    {
        if ((long)target.Rows * target.Columns > int.MaxValue || target.Hessian.IsFull)
        {
            return null;
        }

        List<(int Row, int Column, float Value)> elements = [];
        for (int i = 0; i < target.Values.Length; i++)
        {
            if (target.Values.Span[i] != 0)
            {
                elements.Add((i / target.Columns, i % target.Columns, target.Values.Span[i]));
            }

            if (elements.Count > maxShare * target.Values.Length)
            {
                return null;
            }
        }

        elements.Sort((a, b) => Energy(b).CompareTo(Energy(a)));
        return elements;

        double Energy((int Row, int Column, float Value) element) =>
            target.Hessian.At(element.Row) * element.Value * element.Value;
    }

    /// <summary>The plan's share of sorted elements, stored.</summary>
    internal SparseElements Take(MetricTarget target, List<(int Row, int Column, float Value)> elements) =>
        SparseElements.Of(
            target.Rows, target.Columns, elements.Take(Math.Max(1, (int)(Share * elements.Count))));

    /// <summary>The weight of some elements.</summary>
    internal static DynWeight Weight(SparseElements elements) =>
        new(elements.Rows, elements.Columns, null, null, new SparseTerm(elements));

    /// <summary>The weight of some elements, and what it loses.</summary>
    internal static FitResult Fit(MetricTarget target, SparseElements elements)
    {
        double[] kept = new double[(long)elements.Rows * elements.Columns];
        for (int n = 0; n < elements.Columns; n++)
        {
            elements.Column(n, out ReadOnlySpan<int> rows, out ReadOnlySpan<float> values);
            for (int i = 0; i < rows.Length; i++)
            {
                kept[(rows[i] * elements.Columns) + n] = values[i];
            }
        }

        (double plain, double weighted) = TargetErrors.Relative(target, kept);
        return new FitResult(Weight(elements), plain, weighted, FitStatus.Converged, null);
    }
}
