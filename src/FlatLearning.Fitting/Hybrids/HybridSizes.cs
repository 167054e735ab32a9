using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Fitting.Hybrids;

/// <summary>
/// How large the metric in front of codes is to be: d such that the energy it takes away is worth most more code bits
/// than it stores, half the logarithm to base 2 of the energies' ratio against its bits per weight.
/// docs/derivations/hybrid.md, "Sizes".
/// </summary>
internal static class HybridSizes
{
    private const int MaxShifts = 4;
    private const int MinFeatures = 3;

    /// <summary>The most worthwhile size; sizes stay where the options name a state dimension.</summary>
    /// <param name="unexplained">Energy after 0, 1, ... directions.</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="options">The options of the whole fit.</param>
    /// <param name="maxBits">Bits per weight that the metric may store.</param>
    /// <returns>Null when even the smallest stores more.</returns>
    public static HybridSize? Choose(double[] unexplained, int rows, int columns, FitOptions options, double maxBits)
    {
        HybridSize? best = null;
        int min = options.StateDim > 0 ? options.StateDim : 2;
        int max = options.StateDim > 0 ? options.StateDim : Math.Max(2, unexplained.Length);
        for (int d = min; d <= max; d++)
        {
            HybridSize size =
                Measure(unexplained, rows, columns, options.StateDim > 0 ? options : Sized(options, d), d);
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
        double[] unexplained, int rows, int columns, FitOptions options, HybridSize best, double slack)
    {
        HybridSize largest = best;
        for (int d = 2; d <= unexplained.Length; d++)
        {
            HybridSize size = Measure(unexplained, rows, columns, Sized(options, d), d);
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
    public static FitOptions? Largest(int rows, int columns, FitOptions options, double maxBits)
    {
        FitOptions? largest = null;
        for (int d = 2; d <= Math.Min(256, rows + columns); d++)
        {
            FitOptions sized = Sized(options, d);
            if (8 * Bytes(rows, columns, sized) > maxBits * rows * columns)
            {
                break;
            }

            largest = sized;
        }

        return largest;
    }

    private static HybridSize Measure(double[] unexplained, int rows, int columns, FitOptions sized, int d)
    {
        double left = unexplained[Math.Min(d - 1, unexplained.Length - 1)];

        // Rounded states leave about a third of a step² a coordinate and side.
        double noise = (unexplained[0] - left) * Math.Pow(4, 1 - sized.StateBits);
        double worth = unexplained[0] > 0
            ? 0.5 * Math.Log2(unexplained[0] / Math.Max(left + noise, 1e-12 * unexplained[0]))
            : 0;
        return new HybridSize(sized, worth, 8 * Bytes(rows, columns, sized) / ((double)rows * columns));
    }

    /// <summary>d coordinates take d - 1 directions (riem), or each head some of them (DyN).</summary>
    public static FitOptions Sized(FitOptions options, int d)
    {
        int shifts = Math.Min(MaxShifts, d);
        return options.Method == FitMethod.Riem
            ? options
                with { StateDim = d, Shifts = shifts,
                    Width = Math.Max(MinFeatures, ((3 * d / 2) + shifts - 1) / shifts) }
            : options with { StateDim = (d + 1) / 2, Heads = 2 };
    }

    private static double Bytes(int rows, int columns, FitOptions options)
    {
        int coordinates = options.Method == FitMethod.Riem ? options.StateDim : options.StateDim * options.Heads;
        double states = (double)(rows + columns) * coordinates * options.StateBits / 8;
        return options.Method == FitMethod.Riem
            ? states + (8.0 * coordinates)
                + (2.0
                    * RiemMetric.ParameterCount(
                        options.StateDim, Math.Min(options.Shifts, options.StateDim), options.Width))
            : states + (4.0 * coordinates) + (2.0 * options.Heads);
    }
}
