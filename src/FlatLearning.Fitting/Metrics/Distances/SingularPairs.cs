using FlatLearning.Fitting.LeastSquares;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// Leading singular pairs of a padded matrix by subspace iteration: good enough to start from, at 4·K·N·rank operations
/// an iteration.
/// </summary>
internal static class SingularPairs
{
    private const int Iterations = 10;

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
        float[][] u = new float[rank][];
        float[][] v = new float[rank][];
        for (int i = 0; i < rank; i++)
        {
            (u[i], v[i]) = (new float[rows], new float[padded]);
            for (int n = 0; n < columns; n++)
            {
                v[i][n] = (float)random.NextDouble() - 0.5f;
            }
        }

        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            Orthonormalise(v);
            Project(matrix, v, u);
            Orthonormalise(u);
            Spread(matrix, u, v);
        }

        // U is orthonormal and V carries the singular values: each gets their root.
        for (int i = 0; i < rank; i++)
        {
            float root = (float)Math.Sqrt(Math.Sqrt(Vectors.Dot(v[i], v[i])));
            Scale(u[i], root);
            Scale(v[i], root > 0 ? 1 / root : 0);
        }

        return (u, v);
    }

    private static void Project(float[] matrix, float[][] v, float[][] u)
    {
        int padded = v[0].Length;
        for (int k = 0; k < u[0].Length; k++)
        {
            for (int i = 0; i < u.Length; i++)
            {
                u[i][k] = (float)Lines.Dot(v[i], matrix.AsSpan(k * padded, padded));
            }
        }
    }

    private static void Spread(float[] matrix, float[][] u, float[][] v)
    {
        int padded = v[0].Length;
        for (int i = 0; i < v.Length; i++)
        {
            Array.Clear(v[i]);
            for (int k = 0; k < u[i].Length; k++)
            {
                Lines.AddScaled(matrix.AsSpan(k * padded, padded), u[i][k], v[i]);
            }
        }
    }

    /// <summary>Gram-Schmidt, twice; a line that vanishes becomes zero.</summary>
    private static void Orthonormalise(float[][] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            double before = Math.Sqrt(Vectors.Dot(lines[i], lines[i]));
            for (int j = 0; j < 2 * i; j++)
            {
                Vectors.AddScaled(lines[i], -Vectors.Dot(lines[i], lines[j % i]), lines[j % i]);
            }

            double after = Math.Sqrt(Vectors.Dot(lines[i], lines[i]));
            Scale(lines[i], after > 1e-5 * before ? (float)(1 / after) : 0);
        }
    }

    private static void Scale(float[] line, float factor)
    {
        for (int n = 0; n < line.Length; n++)
        {
            line[n] *= factor;
        }
    }
}
