using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// Leading singular pairs of a padded matrix by subspace iteration: good enough to start from, at 4·K·N·rank operations
/// an iteration. Not <see cref="TruncatedSvd"/>, which takes more of both to part vectors of like strength.
/// </summary>
internal static class SingularPairs
{
    private const int Iterations = 10;
    private const double Vanished = 1e-5;

    /// <summary>
    /// U [rank, K] and V [rank, padded] with X ~ sum_i U_i V_iᵀ, U_i and V_i of equal length. Pairs that X does not
    /// have are zero.
    /// </summary>
    /// <param name="matrix">X, row-major [K, padded], zero in the padding.</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="rank">Pairs.</param>
    /// <param name="random">Where the iteration begins.</param>
    public static (float[][] U, float[][] V) Compute(float[] matrix, int rows, int columns, int rank, Random random)
    {
        int padded = matrix.Length / rows;
        float[] u = new float[rank * rows];
        float[] v = new float[rank * padded];
        for (int i = 0; i < rank; i++)
        {
            for (int n = 0; n < columns; n++)
            {
                v[(i * padded) + n] = (float)random.NextDouble() - 0.5f;
            }
        }

        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            GramSchmidt.Orthonormalise(v, padded, Vanished);
            Project(matrix, v, u, rows);
            GramSchmidt.Orthonormalise(u, rows, Vanished);
            Spread(matrix, u, v, rows);
        }

        // U is orthonormal and V carries the singular values: each gets their root.
        for (int i = 0; i < rank; i++)
        {
            Span<float> line = v.AsSpan(i * padded, padded);
            float root = (float)Math.Sqrt(Math.Sqrt(Dot.InDouble(line, line)));
            Lines.Scale(u.AsSpan(i * rows, rows), root);
            Lines.Scale(line, root > 0 ? 1 / root : 0);
        }

        return ([.. u.Chunk(rows)], [.. v.Chunk(padded)]);
    }

    private static void Project(float[] matrix, float[] v, float[] u, int rows)
    {
        int padded = matrix.Length / rows;
        for (int k = 0; k < rows; k++)
        {
            for (int i = 0; i < u.Length / rows; i++)
            {
                u[(i * rows) + k] =
                    (float)Dot.OfRegisters(v.AsSpan(i * padded, padded), matrix.AsSpan(k * padded, padded));
            }
        }
    }

    private static void Spread(float[] matrix, float[] u, float[] v, int rows)
    {
        int padded = matrix.Length / rows;
        Array.Clear(v);
        for (int i = 0; i < u.Length / rows; i++)
        {
            for (int k = 0; k < rows; k++)
            {
                Lines.AddScaledFused(
                    matrix.AsSpan(k * padded, padded), u[(i * rows) + k], v.AsSpan(i * padded, padded));
            }
        }
    }
}
