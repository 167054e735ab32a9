namespace FlatLearning.Numerics;

/// <summary>Symmetric positive definite systems, in double precision.</summary>
public static class Cholesky
{
    private const int Block = 64;

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
            double pivot = rowJ[j] - Dot.InOrder(rowJ[..j], rowJ[..j]);
            if (!(pivot > 0) || !double.IsFinite(pivot))
            {
                return false;
            }

            rowJ[j] = Math.Sqrt(pivot);
            for (int i = j + 1; i < n; i++)
            {
                Span<double> rowI = matrix.Slice(i * n, j + 1);
                rowI[j] = (rowI[j] - Dot.InOrder(rowI[..j], rowJ[..j])) / rowJ[j];
            }
        }

        return true;
    }

    /// <summary>
    /// The same for thousands of unknowns, on several threads, the same for any number. Some columns at a time: their
    /// rows stay in the cache while all rows below pass, which need nothing of each other. Sums are those of
    /// <see cref="Dot.InType"/>, so that the last bits are not those of <see cref="Factorise"/>.
    /// </summary>
    /// <param name="matrix">A, row-major [n, n].</param>
    /// <param name="n">Unknowns.</param>
    /// <param name="workers">The threads.</param>
    public static bool FactoriseLarge(double[] matrix, int n, IWorkers workers)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        for (int first = 0; first < n; first += Block)
        {
            int begin = first;
            int end = Math.Min(n, begin + Block);
            for (int i = begin; i < end; i++)
            {
                Divide(matrix, n, i, begin, i);
                Span<double> row = matrix.AsSpan(i * n, i);
                double pivot = matrix[(i * n) + i] - Dot.InType<double>(row, row);
                if (!(pivot > 0) || !double.IsFinite(pivot))
                {
                    return false;
                }

                matrix[(i * n) + i] = Math.Sqrt(pivot);
            }

            workers.ForRanges(n - end, Block, (from, to) =>
            {
                for (int i = end + from; i < end + to; i++)
                {
                    Divide(matrix, n, i, begin, end);
                }
            });
        }

        return true;
    }

    /// <summary>Solves L Lᵀ x = b in place. False when a result is not finite.</summary>
    public static bool SolveFactorised(ReadOnlySpan<double> factor, Span<double> right)
    {
        int n = right.Length;
        for (int i = 0; i < n; i++)
        {
            right[i] = (right[i] - Dot.InOrder(factor.Slice(i * n, i), right[..i])) / factor[(i * n) + i];
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

    /// <summary>L's row <paramref name="i"/> in some columns, whose own rows are done.</summary>
    private static void Divide(double[] matrix, int n, int i, int begin, int end)
    {
        for (int j = begin; j < end; j++)
        {
            double value =
                matrix[(i * n) + j] - Dot.InType<double>(matrix.AsSpan(i * n, j), matrix.AsSpan(j * n, j));
            matrix[(i * n) + j] = value / matrix[(j * n) + j];
        }
    }
}
