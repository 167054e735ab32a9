using FlatLearning.Fitting.Metrics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Hybrids;

/// <summary>
/// The energies of a matrix's leading singular directions by subspace iteration: close enough to decide on sizes.
/// </summary>
internal static class SpectrumEstimate
{
    /// <summary>The most directions looked at.</summary>
    public const int MaxRank = 24;

    private const int Iterations = 5;

    /// <summary>Rows whose products are in memory at a time.</summary>
    private const int RowsAtATime = 64;

    /// <summary>
    /// Unexplained energy after 0, 1, ... directions, falling; at most <see cref="MaxRank"/> + 1 values.
    /// </summary>
    /// <param name="target">The matrix, whose H is not looked at.</param>
    /// <param name="weights">How much the square of an element of each row counts, [K].</param>
    public static double[] Unexplained(MetricTarget target, double[] weights)
    {
        (int rows, int columns) = (target.Rows, target.Columns);
        int rank = Math.Min(MaxRank, Math.Min(rows, columns));
        float[] roots = Array.ConvertAll(weights, weight => (float)Math.Sqrt(weight));
        float[] v = new float[rank * columns];
        Random random = new(1);
        for (int i = 0; i < v.Length; i++)
        {
            v[i] = (float)random.NextDouble() - 0.5f;
        }

        double total = 0;
        float[] lines = new float[Math.Min(rows, RowsAtATime) * columns];
        float[] products = new float[Math.Min(rows, RowsAtATime) * (rank + 1)];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            Orthonormalise(v, columns);
            float[] from = v;
            float[] next = new float[v.Length];
            total = 0;
            for (int first = 0; first < rows; first += RowsAtATime)
            {
                int begin = first;
                int count = Math.Min(RowsAtATime, rows - begin);

                // Products of every row with itself and the directions, ...
                target.Workers.For(count, j =>
                {
                    ReadOnlySpan<float> x = target.Values.Span.Slice((begin + j) * columns, columns);
                    Span<float> line = lines.AsSpan(j * columns, columns);
                    for (int n = 0; n < columns; n++)
                    {
                        line[n] = x[n] * roots[begin + j];
                    }

                    Span<float> own = products.AsSpan(j * (rank + 1), rank + 1);
                    for (int i = 0; i < rank; i++)
                    {
                        own[i] = Dot.InType<float>(from.AsSpan(i * columns, columns), line);
                    }

                    own[rank] = Dot.InType<float>(line, line);
                });

                // ... and each direction's sum over the rows in their order.
                target.Workers.For(rank, i =>
                {
                    for (int j = 0; j < count; j++)
                    {
                        Lines.AddScaled<float>(
                            next.AsSpan(i * columns, columns),
                            products[(j * (rank + 1)) + i],
                            lines.AsSpan(j * columns, columns));
                    }
                });
                for (int j = 0; j < count; j++)
                {
                    total += products[(j * (rank + 1)) + rank];
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
                            (double)Dot.InType<float>(
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

    /// <summary>
    /// In float32 throughout, unlike <see cref="GramSchmidt"/>: the sizes that plans chose so far rest on these bits.
    /// </summary>
    private static void Orthonormalise(float[] panel, int length)
    {
        for (int i = 0; i < panel.Length / length; i++)
        {
            Span<float> line = panel.AsSpan(i * length, length);
            for (int j = 0; j < 2 * i; j++)
            {
                ReadOnlySpan<float> other = panel.AsSpan(j % i * length, length);
                Lines.AddScaled(line, -Dot.InType<float>(line, other), other);
            }

            float norm = MathF.Sqrt(Dot.InType<float>(line, line));
            foreach (ref float value in line)
            {
                value = norm > 1e-12f ? value / norm : 0;
            }
        }
    }
}
