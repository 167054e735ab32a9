namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>Random orthogonal matrices, row-major [d, d].</summary>
internal static class RandomRotation
{
    /// <summary>Gaussian rows, made orthonormal one after the other.</summary>
    public static double[] Create(int d, Random random)
    {
        double[] matrix = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            Span<double> row = matrix.AsSpan(i * d, d);
            foreach (ref double value in row)
            {
                value = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            }

            for (int pass = 0; pass < 2 * i; pass++)
            {
                Span<double> other = matrix.AsSpan(pass % i * d, d);
                double along = Row(matrix, pass % i, row);
                for (int j = 0; j < d; j++)
                {
                    row[j] -= along * other[j];
                }
            }

            double length = Math.Sqrt(Row(matrix, i, row));
            foreach (ref double value in row)
            {
                value /= length;
            }
        }

        return matrix;
    }

    /// <summary>Row i times a vector.</summary>
    public static double Row(ReadOnlySpan<double> matrix, int i, ReadOnlySpan<double> vector)
    {
        double sum = 0;
        for (int j = 0; j < vector.Length; j++)
        {
            sum += matrix[(i * vector.Length) + j] * vector[j];
        }

        return sum;
    }

    /// <summary>Turns d coordinates of every state, from the given first one on.</summary>
    public static void Apply(ReadOnlySpan<double> matrix, float[] states, int stride, int first)
    {
        int d = (int)Math.Sqrt(matrix.Length);
        double[] old = new double[d];
        for (int at = first; at < states.Length; at += stride)
        {
            for (int i = 0; i < d; i++)
            {
                old[i] = states[at + i];
            }

            for (int i = 0; i < d; i++)
            {
                states[at + i] = (float)Row(matrix, i, old);
            }
        }
    }
}
