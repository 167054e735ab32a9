namespace FlatLearning.Fitting.Metrics;

/// <summary>The starting point of a RieM fit.</summary>
internal static class RiemStart
{
    /// <summary>ln(2 + sqrt 3): the sigmoid's curvature is largest here in magnitude.</summary>
    private const float CurvedBias = -1.3169579f;

    /// <summary>sigmoid'' there, 1 / (6 sqrt 3).</summary>
    private const double Curvature = 0.09622504;

    private const double FormRidge = 1e-3;

    /// <summary>
    /// Root mean square of a feature's row argument, and of its column argument. Well below 1 the start is closer to the SVD; measured on real weights, the fit
    /// ends lower from here (0.1, 0.3, 0.6, 1 and 1.6 tried), where the features already differ.
    /// </summary>
    private const double ArgumentSize = 1.5;

    /// <summary>
    /// A start that contains, to second order, the truncated SVD of the target: docs/derivations/riem-jacobian.md, "Start". Features sit where the sigmoid is
    /// curved, their linear terms cancel within each shift, and column states are the SVD's, taken through the inverse of the bilinear form.
    /// </summary>
    public static float[] FromSvd(RiemShape shape, RiemKernel kernel, Random random)
    {
        float[] theta = new float[shape.Length];
        int d = shape.StateDim;
        Span<float> a = theta.AsSpan(shape.A, shape.C - shape.A);
        for (int f = 0; f < shape.Features; f++)
        {
            theta[shape.C + f] = CurvedBias;
            theta[shape.V + (f % shape.Width)] = (f % shape.Width & 1) == 0 ? 1 : -1;
            for (int i = 0; i < d; i++)
            {
                a[(f * d) + i] = Gaussian(random) / MathF.Sqrt(d);
            }
        }

        CancelLinearTerms(shape, theta);
        double[] form = BilinearForm(shape, theta);

        // C Cᵀ with a ridge; q = Cᵀ (C Cᵀ)^-1 y is the shortest q with C q = y.
        double[] normal = new double[d * d];
        double trace = 0;
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                for (int t = 0; t < d; t++)
                {
                    normal[(i * d) + j] += form[(i * d) + t] * form[(j * d) + t];
                }
            }

            trace += normal[(i * d) + i];
        }

        int rank = Math.Min(d, Math.Min(shape.Rows, shape.Columns));
        (float[] u, float[] v) = LeadingVectors.Compute(shape, kernel.Target, rank, random);
        u.CopyTo(theta, 0);
        for (int n = 0; n < shape.Columns; n++)
        {
            double[] matrix = (double[])normal.Clone();
            double[] y = new double[d];
            for (int i = 0; i < d; i++)
            {
                matrix[(i * d) + i] += FormRidge * trace / d;
                y[i] = i < rank ? v[(i * shape.PaddedColumns) + n] : 0;
            }

            if (Cholesky.Solve(matrix, y))
            {
                for (int j = 0; j < d; j++)
                {
                    double q = 0;
                    for (int i = 0; i < d; i++)
                    {
                        q += form[(i * d) + j] * y[i];
                    }

                    theta[shape.Q + (j * shape.PaddedColumns) + n] = (float)q;
                }
            }
        }

        Balance(shape, theta);
        return theta;
    }

    /// <summary>alpha -= share of the sum of v·alpha over the features of each shift: the sum becomes 0.</summary>
    private static void CancelLinearTerms(RiemShape shape, float[] theta)
    {
        int d = shape.StateDim;
        for (int r = 0; r < shape.Shifts && shape.Width > 1; r++)
        {
            Span<float> block = theta.AsSpan(shape.A + (r * shape.Width * d), shape.Width * d);
            for (int i = 0; i < d; i++)
            {
                float sum = 0;
                for (int m = 0; m < shape.Width; m++)
                {
                    sum += theta[shape.V + m] * block[(m * d) + i];
                }

                for (int m = 0; m < shape.Width; m++)
                {
                    block[(m * d) + i] -= theta[shape.V + m] * sum / shape.Width;
                }
            }
        }
    }

    /// <summary>C = sigmoid'' · sum_f v alpha (S_rᵀ alpha)ᵀ, row-major [d, d].</summary>
    private static double[] BilinearForm(RiemShape shape, float[] theta)
    {
        int d = shape.StateDim;
        float[] rotated = new float[shape.Features * d];
        shape.Rotate(theta.AsSpan(shape.A, shape.C - shape.A), rotated);
        double[] form = new double[d * d];
        for (int f = 0; f < shape.Features; f++)
        {
            double weight = Curvature * theta[shape.V + (f % shape.Width)];
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                {
                    form[(i * d) + j] += weight * theta[shape.A + (f * d) + i] * rotated[(f * d) + j];
                }
            }
        }

        return form;
    }

    /// <summary>
    /// Rows and columns get the same mean square of their arguments, <see cref="ArgumentSize"/>²; what that takes from the bilinear term goes to v.
    /// </summary>
    private static void Balance(RiemShape shape, float[] theta)
    {
        double rows = Vectors.Dot(theta.AsSpan(0, shape.Q), theta.AsSpan(0, shape.Q)) / shape.Rows;
        double columns = Vectors.Dot(theta.AsSpan(shape.Q, shape.A - shape.Q), theta.AsSpan(shape.Q, shape.A - shape.Q)) / shape.Columns;
        double a = Vectors.Dot(theta.AsSpan(shape.A, shape.C - shape.A), theta.AsSpan(shape.A, shape.C - shape.A)) / (shape.Features * (double)shape.StateDim);
        if (!(rows > 0) || !(columns > 0) || !(a > 0))
        {
            return;
        }

        double rowFactor = ArgumentSize / Math.Sqrt(rows * a);
        double columnFactor = ArgumentSize / Math.Sqrt(columns * a);
        Multiply(theta.AsSpan(0, shape.Q), rowFactor);
        Multiply(theta.AsSpan(shape.Q, shape.A - shape.Q), columnFactor);
        Multiply(theta.AsSpan(shape.V, shape.Width), 1 / (rowFactor * columnFactor));
    }

    private static void Multiply(Span<float> values, double factor)
    {
        foreach (ref float value in values)
        {
            value = (float)(value * factor);
        }
    }

    private static float Gaussian(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
