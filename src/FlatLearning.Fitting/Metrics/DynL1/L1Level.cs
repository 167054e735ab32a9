namespace FlatLearning.Fitting.Metrics.DynL1;

/// <summary>The exact one-dimensional step of a DyN-L1 fit.</summary>
internal static class L1Level
{
    /// <summary>
    /// The level l of least sum over the partners i of (r_i - weight·|l - c_i|)², from the number of partners at each
    /// level and the sum of their r. All levels are tried, at one operation each, by prefix sums.
    /// docs/derivations/dyn-l1.md.
    /// </summary>
    /// <param name="counts">[levels], partners at each level.</param>
    /// <param name="sums">Sum of r over the partners at level c, at index c·stride.</param>
    /// <param name="stride">Distance between two levels in <paramref name="sums"/>.</param>
    /// <param name="weight">The coordinate's weight.</param>
    public static int Best(ReadOnlySpan<double> counts, ReadOnlySpan<double> sums, int stride, double weight)
    {
        (double sum, double moment) = (0, 0);
        (double count, double first, double second) = (0, 0, 0);
        for (int c = 0; c < counts.Length; c++)
        {
            sum += sums[c * stride];
            moment += c * sums[c * stride];
            count += counts[c];
            first += c * counts[c];
            second += (double)c * c * counts[c];
        }

        int best = 0;
        double min = double.PositiveInfinity;
        (double below, double belowMoment) = (0, 0);
        for (int l = 0; l < counts.Length; l++)
        {
            below += sums[l * stride];
            belowMoment += l * sums[l * stride];
            double along = (l * below) - belowMoment + (moment - belowMoment) - (l * (sum - below));
            double energy = ((double)l * l * count) - (2 * l * first) + second;
            double cost = (weight * weight * energy) - (2 * weight * along);
            if (cost < min)
            {
                (best, min) = (l, cost);
            }
        }

        return best;
    }
}
