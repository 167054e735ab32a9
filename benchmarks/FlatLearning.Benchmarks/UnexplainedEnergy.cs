using MathNet.Numerics.LinearAlgebra;

namespace FlatLearning.Benchmarks;

/// <summary>
/// What truncated SVDs in float32 leave unexplained: ||W - W_r||² / ||W||², from the eigenvalues of the smaller Gram
/// matrix in double precision.
/// </summary>
internal static class UnexplainedEnergy
{
    public static double OfRank(MatrixWeight weight, int rank) => OfRanks(weight, rank)[0];

    public static double[] OfRanks(MatrixWeight weight, params int[] ranks)
    {
        Matrix<double> w =
            Matrix<double>.Build.Dense(weight.Rows, weight.Columns, (k, n) => weight.Values[(k * weight.Columns) + n]);
        Matrix<double> gram = weight.Rows < weight.Columns ? w.TransposeAndMultiply(w) : w.TransposeThisAndMultiply(w);
        double[] energies = [
            .. gram.Evd(Symmetricity.Symmetric).EigenValues.Select(value => Math.Max(0, value.Real)).OrderDescending()];
        return Array.ConvertAll(ranks, rank => energies.Skip(rank).Sum() / energies.Sum());
    }
}
