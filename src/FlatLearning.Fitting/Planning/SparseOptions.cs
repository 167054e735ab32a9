using FlatLearning.Dyn.Layout;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Planning;

/// <summary>
/// Weights that are mostly zeros, as filter banks are: their elements alone, all of them or the strongest. No code does well there, since scales say nothing of which elements are zero.
/// </summary>
internal static class SparseOptions
{
    /// <summary>A larger share of elements takes more than 6 bits per weight.</summary>
    private const double MostShare = 0.25;

    private static readonly double[] Shares = [1, 0.8, 0.6, 0.45, 0.3, 0.2];

    /// <summary>The options; none for other weights.</summary>
    public static IEnumerable<PlanOption> Measure(MetricTarget target, FitOptions options)
    {
        if ((long)target.Rows * target.Columns > int.MaxValue || target.Weight.IsFull)
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

            if (elements.Count > MostShare * target.Values.Length)
            {
                yield break;
            }
        }

        elements.Sort((a, b) => Energy(b).CompareTo(Energy(a)));
        foreach (double share in elements.Count > 0 ? Shares : [])
        {
            int count = Math.Max(1, (int)(share * elements.Count));
            SparseElements stored = SparseElements.Of(target.Rows, target.Columns, elements.Take(count));
            yield return new PlanOption(target.Rows, target.Columns, options, stored, Error(target, stored, isWeighted: true), Error(target, stored, isWeighted: false));
        }

        double Energy((int Row, int Column, float Value) element) => target.Weight.At(element.Row) * element.Value * element.Value;
    }

    private static double Error(MetricTarget target, SparseElements stored, bool isWeighted)
    {
        float[] kept = new float[target.Values.Length];
        for (int n = 0; n < target.Columns; n++)
        {
            stored.Column(n, out ReadOnlySpan<int> rows, out ReadOnlySpan<float> values);
            for (int i = 0; i < rows.Length; i++)
            {
                kept[(rows[i] * target.Columns) + n] = values[i];
            }
        }

        (double error, double energy) = (0, 0);
        for (int i = 0; i < kept.Length; i++)
        {
            double importance = isWeighted ? target.Weight.At(i / target.Columns) : 1;
            double difference = (double)target.Values.Span[i] - kept[i];
            error += importance * difference * difference;
            energy += importance * target.Values.Span[i] * target.Values.Span[i];
        }

        return energy > 0 ? error / energy : 0;
    }
}
