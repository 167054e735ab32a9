using FlatLearning.Dyn.Entropy;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Entropy;

/// <summary>
/// Finds the rows above that predict a row best, as where a matrix multiplies flattened images or histories: greedily
/// by autocorrelation, coefficients by the normal equations of the lags chosen so far.
/// </summary>
internal static class PredictionFitter
{
    private const int MaxLag = 2048;

    /// <summary>
    /// Multiplications that all autocorrelations together may take; longer weights are sampled by columns.
    /// </summary>
    private const double WorkBudget = 3e8;

    /// <summary>A lag must lower the energy by this share: 0.015 bits.</summary>
    private const double MinGain = 0.02;

    /// <summary>The prediction of least energy left, or <see cref="RowPrediction.None"/> where none pays.</summary>
    /// <param name="x">Values in units of their step, row-major [K, N].</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="workers">The threads of the work.</param>
    public static RowPrediction Fit(ReadOnlyMemory<float> x, int rows, int columns, IWorkers workers)
    {
        double[] correlation = Autocorrelation(x, rows, columns, workers);
        List<int> lags = [];
        double[] solution = [];
        double left = 1;
        while (lags.Count < RowPrediction.MaxLags)
        {
            (int chosen, double[]? best, double min) = (0, null, left * (1 - MinGain));
            foreach (int lag in Promising(correlation, lags, solution))
            {
                int[] tried = [.. lags, lag];
                if (Solve(correlation, tried) is { } coefficients)
                {
                    double energy = 1 - tried.Select((l, i) => coefficients[i] * correlation[l]).Sum();
                    (chosen, best, min) = energy < min ? (lag, coefficients, energy) : (chosen, best, min);
                }
            }

            if (best is null)
            {
                break;
            }

            lags.Add(chosen);
            (solution, left) = (best, min);
        }

        int[] stored = Array.ConvertAll(
            solution, c => (int)Math.Round(Math.Clamp(c, -16, 16) * (1 << RowPrediction.CoefficientBits)));
        return lags.Count == 0 ? RowPrediction.None : new RowPrediction([.. lags], stored);
    }

    /// <summary>
    /// Predictions from the values themselves, which levels will be close to: what the encoder takes rates around.
    /// </summary>
    public static sbyte[] Centres(
        ReadOnlyMemory<float> x, int rows, int columns, RowPrediction prediction, IWorkers workers)
    {
        sbyte[] centres = new sbyte[x.Length];
        workers.For(prediction.Lags.Length > 0 ? rows : 0, () => new float[columns], (k, sums) =>
        {
            Array.Clear(sums);
            for (int i = 0; i < prediction.Lags.Length; i++)
            {
                if (k >= prediction.Lags[i])
                {
                    Lines.AddScaled<float>(
                        sums, prediction.Coefficients[i], x.Span.Slice((k - prediction.Lags[i]) * columns, columns));
                }
            }

            for (int n = 0; n < columns; n++)
            {
                centres[(k * columns) + n] = (sbyte)RowPrediction.Round((int)MathF.Round(sums[n]));
            }
        });
        return centres;
    }

    /// <summary>The lags whose correlation with what is left is largest.</summary>
    private static IEnumerable<int> Promising(double[] correlation, List<int> lags, double[] solution)
    {
        const int Tried = 8;
        return Enumerable.Range(1, correlation.Length - 1)
            .Where(lag => !lags.Contains(lag))
            .OrderByDescending(
                lag => Math.Abs(
                    correlation[lag] - lags.Select((l, i) => solution[i] * correlation[Math.Abs(lag - l)]).Sum()))
            .Take(Tried);
    }

    private static double[]? Solve(double[] correlation, int[] lags)
    {
        int n = lags.Length;
        double[] matrix = new double[n * n];
        double[] right = new double[n];
        for (int i = 0; i < n; i++)
        {
            right[i] = correlation[lags[i]];
            for (int j = 0; j < n; j++)
            {
                matrix[(i * n) + j] = correlation[Math.Abs(lags[i] - lags[j])] + (i == j ? 1e-3 : 0);
            }
        }

        return Cholesky.Solve(matrix, right) ? right : null;
    }

    /// <summary>
    /// sum over k, n of x[k,n] x[k-lag,n] / gamma[n]², relative to lag 0, for the lags that leave half of the rows.
    /// </summary>
    private static double[] Autocorrelation(ReadOnlyMemory<float> x, int rows, int columns, IWorkers workers)
    {
        int max = Math.Min(MaxLag, rows / 2);
        int sampled = (int)Math.Clamp(WorkBudget / Math.Max(1.0, (double)max * rows), Math.Min(columns, 16), columns);
        double[] gamma = Codes.Scales.FromRootMeanSquares(x, rows, columns, withRows: false, workers).Column;
        float[] part = new float[(long)rows * sampled];
        workers.For(rows, k =>
        {
            for (int i = 0; i < sampled; i++)
            {
                int n = (int)((long)i * columns / sampled);
                part[(k * sampled) + i] = (float)(x.Span[(k * columns) + n] * Codes.Scales.Inverse(gamma[n]));
            }
        });

        // Rows follow each other, so that a lag is one product of the matrix with itself, moved.
        double[] correlation = new double[max + 1];
        workers.For(max + 1, lag =>
        {
            ReadOnlySpan<float> later = part.AsSpan(lag * sampled);
            double sum = 0;
            for (int first = 0; first < later.Length; first += 1 << 14)
            {
                int count = Math.Min(1 << 14, later.Length - first);
                sum += Dot.InType<float>(later.Slice(first, count), part.AsSpan(first, count));
            }

            correlation[lag] = sum;
        });
        double energy = correlation[0];
        return Array.ConvertAll(correlation, c => energy > 0 ? c / energy : 0);
    }
}
