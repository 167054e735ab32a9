namespace FlatLearning.Fitting.Codes;

/// <summary>
/// H + ridge = Mᵀ D M with M unit lower triangular, so that eᵀ H e = sum_k D[k] (e[k] + sum_{j &lt; k} M[k,j] e[j])²:
/// rows are coded in order, and what earlier rows got wrong is added to the target of later ones.
/// docs/derivations/error-feedback.md.
/// </summary>
internal sealed class FeedbackFactor
{
    private const int Block = 64;
    private const int Attempts = 3;

    private FeedbackFactor(float[] lower, double[] diagonal) => (Lower, Diagonal) = (lower, diagonal);

    /// <summary>M, row-major [K, K]; zero on and above the diagonal.</summary>
    public float[] Lower { get; }

    /// <summary>
    /// D [K], positive: what an error in a row costs after later rows have made up for it as far as they can.
    /// </summary>
    public double[] Diagonal { get; }

    /// <summary>
    /// Factors a full weight. Throws <see cref="ArgumentException"/> when it is not positive semidefinite to within a
    /// hundred ridges.
    /// </summary>
    public static FeedbackFactor Of(Hessian weight)
    {
        int n = weight.Rows;
        double ridge = Math.Max(weight.Ridge, 1e-9);
        for (int attempt = 0; attempt < Attempts; attempt++, ridge *= 10)
        {
            // In reverse order, so that the plain Cholesky factor has the last row first.
            double[] matrix = new double[n * n];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    matrix[(i * n) + j] = weight.Values[((n - 1 - i) * n) + n - 1 - j];
                }

                matrix[(i * n) + i] += ridge;
            }

            if (Decompose(matrix, n))
            {
                return Normalised(matrix, n);
            }
        }

        throw new ArgumentException(
            $"the error weight is not positive semidefinite: no Cholesky factor, with {ridge / 10} added to its "
                + $"mean diagonal of 1");
    }

    private static FeedbackFactor Normalised(double[] cholesky, int n)
    {
        float[] lower = new float[n * n];
        double[] diagonal = new double[n];
        for (int k = 0; k < n; k++)
        {
            int column = n - 1 - k;
            double pivot = cholesky[(column * n) + column];
            diagonal[k] = pivot * pivot;
            for (int j = 0; j < k; j++)
            {
                lower[(k * n) + j] = (float)(cholesky[((n - 1 - j) * n) + column] / pivot);
            }
        }

        return new FeedbackFactor(lower, diagonal);
    }

    /// <summary>
    /// Replaces the lower triangle by its Cholesky factor, some columns at a time: their rows stay in the cache while
    /// all rows below pass.
    /// </summary>
    private static bool Decompose(double[] matrix, int n)
    {
        for (int first = 0; first < n; first += Block)
        {
            int end = Math.Min(n, first + Block);
            for (int i = first; i < n; i++)
            {
                for (int j = first; j < Math.Min(end, i + 1); j++)
                {
                    double value = matrix[(i * n) + j] - Lines.Dot(matrix.AsSpan(i * n, j), matrix.AsSpan(j * n, j));
                    if (i > j)
                    {
                        matrix[(i * n) + j] = value / matrix[(j * n) + j];
                    }
                    else if (value > 0 && double.IsFinite(value))
                    {
                        matrix[(i * n) + j] = Math.Sqrt(value);
                    }
                    else
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }
}
