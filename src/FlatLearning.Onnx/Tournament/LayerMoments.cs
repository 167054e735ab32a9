using FlatLearning.Numerics;

namespace FlatLearning.Onnx.Tournament;

/// <summary>
/// What the inputs of a weight say of it when the model in front of it is converted already: x in the original and x^
/// in the converted one, for the same inputs of the model.
/// </summary>
internal sealed class LayerMoments
{
    private readonly int _rows;
    private readonly double[] _cross;
    private readonly float[][] _lines;
    private readonly int[] _finite;

    private LayerMoments(int rows, double[] second, double[] cross, float[][] lines, int[] finite) =>
        (_rows, Second, _cross, _lines, _finite) = (rows, second, cross, lines, finite);

    /// <summary>E[x^ x^ᵀ], row-major [K, K].</summary>
    public double[] Second { get; }

    /// <summary>Adds the moments up; null where no vectors are finite.</summary>
    /// <param name="original">x, row-major [any, K].</param>
    /// <param name="converted">x^, of the same shape.</param>
    /// <param name="rows">K.</param>
    /// <param name="workers">The threads.</param>
    public static LayerMoments? Of(float[] original, float[] converted, int rows, IWorkers workers)
    {
        int count = Math.Min(original.Length, converted.Length) / rows;
        int[] finite = [.. Enumerable.Range(0, count).Where(
            m => IsFinite(original.AsSpan(m * rows, rows)) && IsFinite(converted.AsSpan(m * rows, rows)))];
        if (finite.Length == 0)
        {
            return null;
        }

        // One line for each input: sums are products of lines.
        float[][] lines = new float[rows][];
        float[][] differences = new float[rows][];
        workers.For(rows, k =>
        {
            (lines[k], differences[k]) = (new float[finite.Length], new float[finite.Length]);
            for (int m = 0; m < finite.Length; m++)
            {
                int i = (finite[m] * rows) + k;
                (lines[k][m], differences[k][m]) = (converted[i], original[i] - converted[i]);
            }
        });
        double[] second = new double[rows * rows];
        double[] cross = new double[rows * rows];
        workers.For(rows, i =>
        {
            for (int j = 0; j < rows; j++)
            {
                second[(i * rows) + j] = (double)Dot.InType<float>(lines[i], lines[j]) / finite.Length;
                cross[(i * rows) + j] = (double)Dot.InType<float>(lines[i], differences[j]) / finite.Length;
            }
        });
        return new LayerMoments(rows, second, cross, lines, finite);
    }

    /// <summary>
    /// E[x^ (r - r^)ᵀ], row-major [K, N], for what is added to the products: r in the original, r^ in the converted
    /// model; null where it has other rows than the inputs, or some that are not finite.
    /// </summary>
    /// <param name="original">r, row-major [any, N].</param>
    /// <param name="converted">r^, of the same shape.</param>
    /// <param name="columns">N.</param>
    /// <param name="vectors">How many inputs there were.</param>
    /// <param name="workers">The threads.</param>
    public double[]? Missing(float[] original, float[] converted, int columns, int vectors, IWorkers workers)
    {
        if (original.Length != (long)vectors * columns || converted.Length != original.Length)
        {
            return null;
        }

        double[] missing = new double[_rows * columns];
        workers.For(columns, n =>
        {
            float[] line = new float[_finite.Length];
            for (int m = 0; m < line.Length; m++)
            {
                int i = (_finite[m] * columns) + n;
                line[m] = original[i] - converted[i];
            }

            for (int k = 0; k < _rows; k++)
            {
                missing[(k * columns) + n] = (double)Dot.InType<float>(_lines[k], line) / line.Length;
            }
        });
        return Array.TrueForAll(missing, double.IsFinite) ? missing : null;
    }

    /// <summary>
    /// The matrix whose products with x^ are nearest to those of W with x:
    /// W + (E[x^ x^ᵀ] + ridge)⁻¹ (E[x^ (x - x^)ᵀ] W + missing). W where the equations have no solution.
    /// </summary>
    /// <param name="matrix">W, row-major [K, N].</param>
    /// <param name="ridge">What the diagonal gets, as a share of its mean.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="missing">What <see cref="Missing"/> says the products should make up for; null for nothing.</param>
    public float[] Corrected(float[] matrix, double ridge, IWorkers workers, double[]? missing = null)
    {
        double mean = 0;
        for (int k = 0; k < _rows; k++)
        {
            mean += Second[(k * _rows) + k] / _rows;
        }

        double[] factor = (double[])Second.Clone();
        for (int k = 0; k < _rows; k++)
        {
            factor[(k * _rows) + k] += ridge * mean;
        }

        if (!(mean > 0) || !Cholesky.FactoriseLarge(factor, _rows, workers))
        {
            return matrix;
        }

        int columns = matrix.Length / _rows;
        float[] corrected = (float[])matrix.Clone();
        bool solved = true;
        workers.For(columns, n =>
        {
            double[] right = new double[_rows];
            for (int k = 0; k < _rows; k++)
            {
                double sum = missing is null ? 0 : missing[(k * columns) + n];
                for (int j = 0; j < _rows; j++)
                {
                    sum += _cross[(k * _rows) + j] * matrix[(j * columns) + n];
                }

                right[k] = sum;
            }

            if (!Cholesky.SolveFactorised(factor, right))
            {
                solved = false;
                return;
            }

            for (int k = 0; k < _rows; k++)
            {
                corrected[(k * columns) + n] += (float)right[k];
            }
        });
        return solved && Array.TrueForAll(corrected, float.IsFinite) ? corrected : matrix;
    }

    private static bool IsFinite(ReadOnlySpan<float> vector)
    {
        foreach (float value in vector)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}
