using FlatLearning.Dyn.Layout;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Planning;

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
        if ((long)target.Rows * target.Columns > int.MaxValue || target.Hessian.IsFull)
        {
            yield break;
        }

        List<(int Row, int Column, float Value)> elements = [];
        for (int i = 0; i < target.Values.Length; i++)
        {
            if (target.Values.Span[i] != 0)
            {
                elements.Add((i / target.Columns, i % target.Columns, target.Values.Span[i]));
            }

            if (elements.Count > MaxShare * target.Values.Length)
            {
                yield break;
            }
        }

        elements.Sort((a, b) => Energy(b).CompareTo(Energy(a)));
        foreach (double share in elements.Count > 0 ? Shares : [])
        {
            int count = Math.Max(1, (int)(share * elements.Count));
            SparseElements stored = SparseElements.Of(target.Rows, target.Columns, elements.Take(count));
            (double plain, double weighted) = TargetErrors.Relative(target, Decode(stored));
            yield return new PlanOption(target.Rows, target.Columns, options, stored, weighted, plain);
        }

        double Energy((int Row, int Column, float Value) element) =>
            target.Hessian.At(element.Row) * element.Value * element.Value;
    }

    private static double[] Decode(SparseElements stored)
    {
        double[] kept = new double[(long)stored.Rows * stored.Columns];
        for (int n = 0; n < stored.Columns; n++)
        {
            stored.Column(n, out ReadOnlySpan<int> rows, out ReadOnlySpan<float> values);
            for (int i = 0; i < rows.Length; i++)
            {
                kept[(rows[i] * stored.Columns) + n] = values[i];
            }
        }

        return kept;
    }
}
