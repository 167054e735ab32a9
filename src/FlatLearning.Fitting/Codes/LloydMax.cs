namespace FlatLearning.Fitting.Codes;

/// <summary>
/// The scalar quantiser of least weighted squared error (Lloyd 1957, Max 1960): levels are the means of their cells,
/// cells end half-way between levels. Exact on the given sample, by prefix sums over its sorted values.
/// </summary>
internal static class LloydMax
{
    private const int MaxRounds = 200;
    private const double Tolerance = 1e-5;
    private const int CompandingCells = 512;

    /// <summary>Ascending levels for a sample. Fewer distinct values than levels give repeated levels.</summary>
    /// <param name="values">The sample; sorted in place together with its weights.</param>
    /// <param name="weights">How much an error in each value counts; not negative.</param>
    /// <param name="levels">Number of levels, 2 or more.</param>
    /// <param name="error">The weighted squared error of the result, sum of weight · (value - level)².</param>
    public static double[] Fit(double[] values, double[] weights, int levels, out double error)
    {
        Array.Sort(values, weights);
        int count = values.Length;
        double[] mass = new double[count + 1];
        double[] first = new double[count + 1];
        double[] second = new double[count + 1];
        for (int i = 0; i < count; i++)
        {
            mass[i + 1] = mass[i] + weights[i];
            first[i + 1] = first[i] + (weights[i] * values[i]);
            second[i + 1] = second[i] + (weights[i] * values[i] * values[i]);
        }

        double[] table = Start(values, weights, levels);
        error = double.PositiveInfinity;
        for (int round = 0; round < MaxRounds; round++)
        {
            double previous = error;
            error = 0;
            int begin = 0;
            for (int level = 0; level < levels; level++)
            {
                int end = level + 1 < levels ? Boundary(values, 0.5 * (table[level] + table[level + 1]), begin) : count;
                double m = mass[end] - mass[begin];
                double f = first[end] - first[begin];
                table[level] = m > 0 ? f / m : table[level];
                error += m > 0 ? Math.Max(0, second[end] - second[begin] - (f * f / m)) : 0;
                begin = end;
            }

            if (previous - error <= Tolerance * error)
            {
                break;
            }
        }

        Array.Sort(table);
        return table;
    }

    private static int Boundary(double[] values, double threshold, int begin)
    {
        int low = begin;
        int high = values.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (values[middle] < threshold)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>
    /// Levels at equal steps of the integral of density^(1/3), the optimum for many levels (Panter and Dite 1951).
    /// </summary>
    private static double[] Start(double[] values, double[] weights, int levels)
    {
        double low = values[0];
        double step = (values[^1] - low) / CompandingCells;
        double[] density = new double[CompandingCells];
        for (int i = 0; i < values.Length; i++)
        {
            int cell = step > 0 ? Math.Min(CompandingCells - 1, (int)((values[i] - low) / step)) : 0;
            density[cell] += weights[i];
        }

        double total = 0;
        for (int cell = 0; cell < CompandingCells; cell++)
        {
            total += density[cell] = Math.Cbrt(density[cell]);
        }

        double[] table = new double[levels];
        double sum = 0;
        for (int cell = 0, level = 0; cell < CompandingCells && level < levels; cell++)
        {
            double next = sum + density[cell];
            for (double wanted = (level + 0.5) / levels * total;
                level < levels && wanted <= next;
                wanted = (++level + 0.5) / levels * total)
            {
                double inside = density[cell] > 0 ? (wanted - sum) / density[cell] : 0.5;
                table[level] = low + ((cell + inside) * step);
            }

            sum = next;
        }

        Array.Sort(table);
        return table;
    }
}
