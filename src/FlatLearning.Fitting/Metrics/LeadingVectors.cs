namespace FlatLearning.Fitting.Metrics;

/// <summary>
/// The leading singular vectors of a matrix by subspace iteration: accurate enough to start a fit from, at 2·K·N·rank operations an iteration.
/// </summary>
internal static class LeadingVectors
{
    private const int Iterations = 12;

    /// <summary>Panels U [rank, padded rows] and V [rank, padded columns] with X ~ sum_i U_i V_iᵀ, each pair sharing its singular value evenly.</summary>
    public static (float[] U, float[] V) Compute(RiemShape shape, float[] paddedTarget, int rank, Random random)
    {
        float[] v = new float[rank * shape.PaddedColumns];
        for (int i = 0; i < rank; i++)
        {
            for (int n = 0; n < shape.Columns; n++)
            {
                v[(i * shape.PaddedColumns) + n] = (float)random.NextDouble() - 0.5f;
            }
        }

        Orthonormalise(v, shape.PaddedColumns);
        float[] compact = new float[rank * shape.Rows];
        float[] u = new float[rank * shape.PaddedRows];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            Array.Clear(compact);
            Panels.AddInner(v, paddedTarget, compact, shape.PaddedColumns);
            Spread(compact, u, shape);
            Orthonormalise(u, shape.PaddedRows);
            Gather(u, compact, shape);
            Array.Clear(v);
            Panels.AddProduct(compact, paddedTarget, v, shape.Rows, shape.PaddedColumns);
            if (iteration == Iterations - 1)
            {
                break;
            }

            Orthonormalise(v, shape.PaddedColumns);
        }

        Balance(u, v, shape, rank);
        return (u, v);
    }

    // U is orthonormal and V = UᵀX carries the singular values: give each half of them.
    private static void Balance(float[] u, float[] v, RiemShape shape, int rank)
    {
        for (int i = 0; i < rank; i++)
        {
            Span<float> right = v.AsSpan(i * shape.PaddedColumns, shape.PaddedColumns);
            float root = MathF.Sqrt(MathF.Sqrt((float)Vectors.Dot(right, right)));
            Scale(right, root > 0 ? 1 / root : 0);
            Scale(u.AsSpan(i * shape.PaddedRows, shape.PaddedRows), root);
        }
    }

    private static void Scale(Span<float> line, float factor)
    {
        for (int i = 0; i < line.Length; i++)
        {
            line[i] *= factor;
        }
    }

    private static void Spread(float[] compact, float[] panel, RiemShape shape)
    {
        for (int i = 0; i < compact.Length / shape.Rows; i++)
        {
            compact.AsSpan(i * shape.Rows, shape.Rows).CopyTo(panel.AsSpan(i * shape.PaddedRows));
        }
    }

    private static void Gather(float[] panel, float[] compact, RiemShape shape)
    {
        for (int i = 0; i < compact.Length / shape.Rows; i++)
        {
            panel.AsSpan(i * shape.PaddedRows, shape.Rows).CopyTo(compact.AsSpan(i * shape.Rows));
        }
    }

    /// <summary>Modified Gram-Schmidt, twice; a line that vanishes becomes zero.</summary>
    private static void Orthonormalise(float[] panel, int length)
    {
        int count = panel.Length / length;
        for (int i = 0; i < count; i++)
        {
            Span<float> line = panel.AsSpan(i * length, length);
            double before = Math.Sqrt(Vectors.Dot(line, line));
            for (int j = 0; j < 2 * i; j++)
            {
                ReadOnlySpan<float> other = panel.AsSpan(j % i * length, length);
                Vectors.AddScaled(line, -Vectors.Dot(line, other), other);
            }

            double after = Math.Sqrt(Vectors.Dot(line, line));
            Scale(line, after > 1e-6 * before ? (float)(1 / after) : 0);
        }
    }
}
