using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Hybrids;

/// <summary>
/// How large the metric in front of codes is to be: d such that the energy it takes away is worth most more code bits
/// than it stores, half the logarithm to base 2 of the energies' ratio against its bits per weight.
/// docs/derivations/hybrid.md, "Sizes".
/// </summary>
internal static class HybridSizes
{
    /// <summary>The most worthwhile size; sizes stay where the plan names a state dimension.</summary>
    /// <param name="unexplained">Energy after 0, 1, ... directions.</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="plan">The metric.</param>
    /// <param name="maxBits">Bits per weight that the metric may store.</param>
    /// <returns>Null when even the smallest stores more.</returns>
    public static HybridSize? Choose(double[] unexplained, int rows, int columns, MetricPlan plan, double maxBits)
    {
        HybridSize? best = null;
        int min = plan.StateDim > 0 ? plan.StateDim : 2;
        int max = plan.StateDim > 0 ? plan.StateDim : Math.Max(2, unexplained.Length);
        for (int d = min; d <= max; d++)
        {
            HybridSize size =
                Measure(unexplained, rows, columns, plan.StateDim > 0 ? plan : plan.Sized(d), d);
            if (size.Bits <= maxBits && (best is null || size.Worth - size.Bits > best.Worth - best.Bits))
            {
                best = size;
            }
        }

        return best;
    }

    /// <summary>
    /// The largest size that is worth at most <paramref name="slack"/> bits per weight less than the best one, after
    /// its price: for plans with bytes to spend.
    /// </summary>
    public static HybridSize Larger(
        double[] unexplained, int rows, int columns, MetricPlan plan, HybridSize best, double slack)
    {
        HybridSize largest = best;
        for (int d = 2; d <= unexplained.Length; d++)
        {
            HybridSize size = Measure(unexplained, rows, columns, plan.Sized(d), d);
            if (size.Bits > largest.Bits && size.Worth - size.Bits >= best.Worth - best.Bits - slack)
            {
                largest = size;
            }
        }

        return largest;
    }

    /// <summary>
    /// The largest metric of at most so many bits per weight, for a metric alone; null when none is that small.
    /// </summary>
    public static MetricPlan? Largest(int rows, int columns, MetricPlan plan, double maxBits)
    {
        MetricPlan? largest = null;
        for (int d = 2; d <= Math.Min(256, rows + columns); d++)
        {
            MetricPlan sized = plan.Sized(d);
            if (8 * sized.Bytes(rows, columns) > maxBits * rows * columns)
            {
                break;
            }

            largest = sized;
        }

        return largest;
    }

    private static HybridSize Measure(double[] unexplained, int rows, int columns, MetricPlan sized, int d)
    {
        double left = unexplained[Math.Min(d - 1, unexplained.Length - 1)];

        // Rounded states leave about a third of a step² a coordinate and side.
        double noise = (unexplained[0] - left) * Math.Pow(4, 1 - sized.StateBits);
        double worth = unexplained[0] > 0
            ? 0.5 * Math.Log2(unexplained[0] / Math.Max(left + noise, 1e-12 * unexplained[0]))
            : 0;
        return new HybridSize(sized, worth, 8 * sized.Bytes(rows, columns) / ((double)rows * columns));
    }
}
