namespace FlatLearning.Fitting;

/// <summary>Symmetric positive definite systems of a few hundred unknowns, in double precision.</summary>
internal static class Cholesky
{
    /// <summary>
    /// Solves A x = b by A = L Lᵀ. Only the lower triangle of A is read; both arguments are overwritten, b by the
    /// solution. False, with the arguments spoilt, when A is not positive definite or a result is not finite.
    /// </summary>
    /// <param name="matrix">A, row-major [n, n].</param>
    /// <param name="right">b [n].</param>
    public static bool Solve(Span<double> matrix, Span<double> right) =>
        Factorise(matrix, right.Length) && SolveFactorised(matrix, right);

    /// <summary>
    /// Replaces the lower triangle of A, row-major [n, n], by L. False, with A spoilt, when A is not positive definite.
    /// </summary>
    public static bool Factorise(Span<double> matrix, int n)
    {
        for (int j = 0; j < n; j++)
        {
            Span<double> rowJ = matrix.Slice(j * n, j + 1);
            double pivot = rowJ[j] - Dot(rowJ[..j], rowJ[..j]);
            if (!(pivot > 0) || !double.IsFinite(pivot))
            {
                return false;
            }

            rowJ[j] = Math.Sqrt(pivot);
            for (int i = j + 1; i < n; i++)
            {
                Span<double> rowI = matrix.Slice(i * n, j + 1);
                rowI[j] = (rowI[j] - Dot(rowI[..j], rowJ[..j])) / rowJ[j];
            }
        }

        return true;
    }

    /// <summary>Solves L Lᵀ x = b in place. False when a result is not finite.</summary>
    public static bool SolveFactorised(ReadOnlySpan<double> factor, Span<double> right)
    {
        int n = right.Length;
        for (int i = 0; i < n; i++)
        {
            right[i] = (right[i] - Dot(factor.Slice(i * n, i), right[..i])) / factor[(i * n) + i];
        }

        bool finite = true;
        for (int i = n - 1; i >= 0; i--)
        {
            double sum = right[i];
            for (int j = i + 1; j < n; j++)
            {
                sum -= factor[(j * n) + i] * right[j];
            }

            right[i] = sum / factor[(i * n) + i];
            finite &= double.IsFinite(right[i]);
        }

        return finite;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
