using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Codes;

/// <summary>
/// H + ridge = Mᵀ D M with M unit lower triangular, so that eᵀ H e = sum_k D[k] (e[k] + sum_{j &lt; k} M[k,j] e[j])²:
/// rows are coded in order, and what earlier rows got wrong is added to the target of later ones.
/// docs/derivations/error-feedback.md.
/// </summary>
internal sealed class FeedbackFactor
{
    private const int RowsOfItem = 64;
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
    public static FeedbackFactor Of(Hessian weight, IWorkers workers)
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

            if (Cholesky.FactoriseLarge(matrix, n, workers))
            {
                return Normalised(matrix, n, workers);
            }
        }

        throw new ArgumentException(
            $"the error weight is not positive semidefinite: no Cholesky factor, with {ridge / 10} added to its "
                + "mean diagonal of 1");
    }

    private static FeedbackFactor Normalised(double[] cholesky, int n, IWorkers workers)
    {
        float[] lower = new float[n * n];
        double[] diagonal = new double[n];
        workers.ForRanges(n, RowsOfItem, (begin, end) =>
        {
            for (int k = begin; k < end; k++)
            {
                int column = n - 1 - k;
                double pivot = cholesky[(column * n) + column];
                diagonal[k] = pivot * pivot;
                for (int j = 0; j < k; j++)
                {
                    lower[(k * n) + j] = (float)(cholesky[((n - 1 - j) * n) + column] / pivot);
                }
            }
        });
        return new FeedbackFactor(lower, diagonal);
    }
}
