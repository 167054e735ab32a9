using MathNet.Numerics.LinearAlgebra;

namespace FlatLearning.Benchmarks.Published;

/// <summary>
/// What the published notebook compares with: the leading singular triples of half the rank, with U, the diagonal
/// matrix of singular values and V^T each rounded to 8 bits per column.
/// </summary>
internal static class PublishedSvd
{
    /// <summary>The rank of a share of the smaller side; halves round to even, as in the published code.</summary>
    public static int RankOf(int rows, int columns, double share = 0.5) =>
        (int)Math.Round(Math.Min(rows, columns) * share);

    /// <summary>
    /// The rounded approximation, row-major [rows, columns]; <paramref name="bits"/> 0 for factors in float32.
    /// </summary>
    public static float[] Approximate(float[] w, int rows, int columns, int rank, int bits = 8)
    {
        Matrix<double> matrix = Matrix<double>.Build.Dense(rows, columns, (k, n) => w[(k * columns) + n]);
        MathNet.Numerics.LinearAlgebra.Factorization.Svd<double> svd = matrix.Svd(computeVectors: true);
        Matrix<double> u = Rounded(svd.U.SubMatrix(0, rows, 0, rank), bits);
        Matrix<double> s = Rounded(Matrix<double>.Build.DenseOfDiagonalVector(svd.S.SubVector(0, rank)), bits);
        Matrix<double> vt = Rounded(svd.VT.SubMatrix(0, rank, 0, columns), bits);
        Matrix<double> product = u * s * vt;
        return [.. product.ToRowMajorArray().Select(value => (float)value)];
    }

    /// <summary>The published measure of <see cref="Approximate"/> at half the rank.</summary>
    public static double Error(float[] w, int rows, int columns) =>
        PublishedError.Of(w, Approximate(w, rows, columns, RankOf(rows, columns)));

    private static Matrix<double> Rounded(Matrix<double> matrix, int bits)
    {
        Matrix<double> rounded = Matrix<double>.Build.Dense(matrix.RowCount, matrix.ColumnCount);
        for (int column = 0; column < matrix.ColumnCount; column++)
        {
            float[] values = [.. matrix.Column(column).Select(value => (float)value)];
            if (bits > 0)
            {
                ColumnRounding.Round(values, bits);
            }

            rounded.SetColumn(column, [.. values.Select(value => (double)value)]);
        }

        return rounded;
    }
}
