using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics;

/// <summary>
/// The leading singular vectors of a matrix by subspace iteration with a few extra vectors: accurate enough to start a
/// fit from, at 2·K·N·rank operations an iteration.
/// </summary>
internal static class TruncatedSvd
{
    private const int Iterations = 12;
    private const int Oversampling = 6;
    private const int Lanes = 16;
    private const double Vanished = 1e-6;

    /// <summary>
    /// U [rank, K] and V [rank, N] with X ~ sum of u_i v_iᵀ, strongest first, each pair sharing its singular value
    /// evenly.
    /// </summary>
    /// <param name="target">X, row-major [rows or more, columns padded to whole registers of 16], 0 in the
    /// padding.</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="rank">At most the smaller of K and N.</param>
    /// <param name="random">Where the iteration starts.</param>
    public static (float[] U, float[] V) Compute(
        ReadOnlySpan<float> target, int rows, int columns, int rank, Random random)
    {
        int padded = (columns + Lanes - 1) / Lanes * Lanes;
        int work = Math.Min(rank + Oversampling, Math.Min(rows, columns));
        target = target[..(rows * padded)];
        float[] v = new float[work * padded];
        for (int i = 0; i < work; i++)
        {
            for (int n = 0; n < columns; n++)
            {
                v[(i * padded) + n] = (float)random.NextDouble() - 0.5f;
            }
        }

        GramSchmidt.Orthonormalise(v, padded, Vanished);
        float[] u = new float[work * rows];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            Array.Clear(u);
            Panels.AddInner(v, target, u, padded);
            GramSchmidt.Orthonormalise(u, rows, Vanished);
            Array.Clear(v);
            Panels.AddProduct(u, target, v, rows, padded);
            if (iteration < Iterations - 1)
            {
                GramSchmidt.Orthonormalise(v, padded, Vanished);
            }
        }

        return Rotate(u, v, rows, columns, padded, work, rank);
    }

    /// <summary>U is orthonormal and X ~ U V: the eigenvectors of V Vᵀ turn both to singular vectors.</summary>
    private static (float[] U, float[] V) Rotate(
        float[] u, float[] v, int rows, int columns, int padded, int work, int rank)
    {
        var gram = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(
            work, work, (i, j) => Dot.InDouble(v.AsSpan(i * padded, padded), v.AsSpan(j * padded, padded)));
        var eigen = gram.Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric);
        float[] left = new float[rank * rows];
        float[] right = new float[rank * columns];
        for (int i = 0; i < rank; i++)
        {
            int from = work - 1 - i;
            double root = Math.Sqrt(Math.Sqrt(Math.Max(0, eigen.EigenValues[from].Real)));
            for (int j = 0; j < work; j++)
            {
                double weight = eigen.EigenVectors[j, from];
                Lines.AddScaled(left.AsSpan(i * rows, rows), weight * root, u.AsSpan(j * rows, rows));
                Lines.AddScaled(
                    right.AsSpan(i * columns, columns), root > 0 ? weight / root : 0, v.AsSpan(j * padded, columns));
            }
        }

        return (left, right);
    }
}
