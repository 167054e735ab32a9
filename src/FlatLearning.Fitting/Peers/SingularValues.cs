using MathNet.Numerics.LinearAlgebra;

namespace FlatLearning.Fitting.Peers;

/// <summary>
/// The singular value decomposition of a matrix through the eigenvectors of its smaller Gram matrix, in double
/// precision: W = sum of a_i b_iᵀ, where a_i and b_i share the singular value evenly. Squaring costs half of the
/// digits, so that values below 1e-7 of the largest count as zero.
/// </summary>
internal sealed class SingularValues
{
    private const double Negligible = 1e-7;

    private SingularValues(Matrix<double> left, Matrix<double> right, double[] energies) =>
        (Left, Right, Energies) = (left, right, energies);

    /// <summary>Columns a_i, [K, rank].</summary>
    public Matrix<double> Left { get; }

    /// <summary>Columns b_i, [N, rank].</summary>
    public Matrix<double> Right { get; }

    /// <summary>s_i², largest first.</summary>
    public double[] Energies { get; }

    /// <summary>The number of terms.</summary>
    public int Rank => Energies.Length;

    /// <summary>Decomposes a row-major matrix. A matrix of zeros has no terms.</summary>
    public static SingularValues Of(ReadOnlySpan<float> w, int rows, int columns)
    {
        double largest = 0;
        foreach (float value in w)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        // At magnitude 1 squares neither overflow nor vanish; the unit goes back into the factors at the end.
        double unit = largest > 0 ? largest : 1;
        Matrix<double> matrix = Matrix<double>.Build.Dense(rows, columns);
        for (int i = 0; i < w.Length; i++)
        {
            matrix[i / columns, i % columns] = w[i] / unit;
        }

        bool wide = rows <= columns;
        var eigen = (wide ? matrix.TransposeAndMultiply(matrix) : matrix.TransposeThisAndMultiply(matrix)).Evd(
            Symmetricity.Symmetric);
        int[] order = [
            .. Enumerable.Range(0, eigen.EigenValues.Count).OrderByDescending(i => eigen.EigenValues[i].Real)];
        double first = Math.Max(0, eigen.EigenValues[order[0]].Real);
        order = [.. order.Where(i => eigen.EigenValues[i].Real > Negligible * Negligible * first)];
        double[] energies = [.. order.Select(i => eigen.EigenValues[i].Real * unit * unit)];
        if (order.Length == 0)
        {
            return new SingularValues(Matrix<double>.Build.Dense(rows, 1), Matrix<double>.Build.Dense(columns, 1), []);
        }

        Matrix<double> vectors =
            Matrix<double>.Build.DenseOfColumnVectors(order.Select(i => eigen.EigenVectors.Column(i)));
        Matrix<double> others = wide ? matrix.TransposeThisAndMultiply(vectors) : matrix * vectors;
        for (int i = 0; i < order.Length; i++)
        {
            double root = Math.Pow(eigen.EigenValues[order[i]].Real, 0.25);
            vectors.SetColumn(i, vectors.Column(i) * (root * Math.Sqrt(unit)));
            others.SetColumn(i, others.Column(i) * (Math.Sqrt(unit) / root));
        }

        return wide ? new SingularValues(vectors, others, energies) : new SingularValues(others, vectors, energies);
    }
}
