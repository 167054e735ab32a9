using FlatLearning.Fitting.Codes;

namespace FlatLearning.Fitting.Hybrids;

/// <summary>
/// The energies of a matrix's leading singular directions by subspace iteration: close enough to decide on sizes.
/// </summary>
internal static class SpectrumEstimate
{
    /// <summary>The most directions looked at.</summary>
    public const int MaxRank = 24;

    private const int Iterations = 5;

    /// <summary>
    /// Unexplained energy after 0, 1, ... directions, falling; at most <see cref="MaxRank"/> + 1 values.
    /// </summary>
    /// <param name="x">Row-major [K, columns].</param>
    /// <param name="columns">N.</param>
    /// <param name="weights">How much the square of an element of each row counts, [K].</param>
    public static double[] Unexplained(ReadOnlySpan<float> x, int columns, double[] weights)
    {
        int rows = weights.Length;
        int rank = Math.Min(MaxRank, Math.Min(rows, columns));
        float[] roots = Array.ConvertAll(weights, weight => (float)Math.Sqrt(weight));
        float[] v = new float[rank * columns];
        Random random = new(1);
        for (int i = 0; i < v.Length; i++)
        {
            v[i] = (float)random.NextDouble() - 0.5f;
        }

        double total = 0;
        float[] line = new float[columns];
        float[] products = new float[rank];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            Orthonormalise(v, columns);
            float[] next = new float[v.Length];
            total = 0;
            for (int k = 0; k < rows; k++)
            {
                for (int n = 0; n < columns; n++)
                {
                    line[n] = x[(k * columns) + n] * roots[k];
                }

                total += Lines.Dot<float>(line, line);
                for (int i = 0; i < rank; i++)
                {
                    products[i] = Lines.Dot<float>(v.AsSpan(i * columns, columns), line);
                }

                for (int i = 0; i < rank; i++)
                {
                    Lines.AddScaled<float>(next.AsSpan(i * columns, columns), products[i], line);
                }
            }

            if (iteration + 1 < Iterations)
            {
                v = next;
                continue;
            }

            // v is orthonormal still: v_i·(XᵀX v_i) is the energy along it.
            double[] energies = [
                .. Enumerable.Range(0, rank)
                    .Select(
                        i =>
                            (double)Lines.Dot<float>(
                                v.AsSpan(i * columns, columns), next.AsSpan(i * columns, columns)))];
            Array.Sort(energies, (a, b) => b.CompareTo(a));
            double[] left = new double[rank + 1];
            left[0] = total;
            for (int i = 0; i < rank; i++)
            {
                left[i + 1] = Math.Max(0, left[i] - energies[i]);
            }

            return left;
        }

        return [total];
    }

    private static void Orthonormalise(float[] panel, int length)
    {
        for (int i = 0; i < panel.Length / length; i++)
        {
            Span<float> line = panel.AsSpan(i * length, length);
            for (int j = 0; j < 2 * i; j++)
            {
                ReadOnlySpan<float> other = panel.AsSpan(j % i * length, length);
                Lines.AddScaled(line, -Lines.Dot<float>(line, other), other);
            }

            float norm = MathF.Sqrt(Lines.Dot<float>(line, line));
            foreach (ref float value in line)
            {
                value = norm > 1e-12f ? value / norm : 0;
            }
        }
    }
}
