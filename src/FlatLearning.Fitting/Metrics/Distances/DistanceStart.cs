namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// The starting point: row and column states as two small clouds at distance 1, between which a distance is nearly 1 -
/// p·q across, plus anything along. So d coordinates of a head contain d - 1 singular pairs of the target, and the
/// first head the means of rows and columns. docs/derivations/dyn-l2.md.
/// </summary>
internal static class DistanceStart
{
    private const double Jitter = 0.1;
    private const double MaxShift = 0.5;

    /// <summary>A model of the given sizes; lambda and beta are solved for.</summary>
    /// <param name="problem">The target.</param>
    /// <param name="heads">H.</param>
    /// <param name="stateDim">d.</param>
    /// <param name="radius">Root mean square radius of a cloud.</param>
    /// <param name="random">Jitter, and the start of the singular vectors.</param>
    /// <param name="cancellation">Stops.</param>
    public static DistanceModel Create<TKernel>(
        DistanceProblem problem, int heads, int stateDim, double radius, Random random, CancellationToken cancellation)
        where TKernel : struct, IDistanceKernel
    {
        (float[] centred, double[] rowMeans, double[] columnMeans, double[] roots) = Centre(problem);
        int rank = Math.Min(heads * (stateDim - 1), Math.Min(problem.Rows, problem.Columns));
        (float[][] u, float[][] v) = rank > 0
            ? SingularPairs.Compute(centred, problem.Rows, problem.Columns, rank, random)
            : ([], []);
        foreach (float[] line in u)
        {
            for (int k = 0; k < line.Length; k++)
            {
                line[k] = (float)(line[k] / roots[k]);
            }
        }

        DistanceModel model = new(problem.Rows, problem.Columns, heads, stateDim);
        Array.Fill(model.Softening, (float)TKernel.Softening);
        for (int h = 0; h < heads; h++)
        {
            int sign = (h & 1) == 0 ? 1 : -1;
            double rowScale = Place(model.Rows, problem.Rows, model, h, u, radius, 1, random);
            double columnScale = Place(model.Columns, problem.Columns, model, h, v, radius, sign, random);
            double product = rowScale * columnScale * sign;
            model.Linear[h] = product == 0 ? 0 : -1 / (TKernel.SlopeAtOne * product);
            double along = h == 0 && product != 0 ? TKernel.SlopeAtOne * model.Linear[0] : 0;
            Lift(model.Rows, problem.Rows, model, h, 0, 1, along == 0 ? null : rowMeans, -along);
            Lift(model.Columns, problem.Columns, model, h, 1, -1, along == 0 ? null : columnMeans, along);
        }

        model.Linear[^1] = 0;
        _ = LinearTerms<TKernel>.Solve(problem, model, null, cancellation);
        return model;
    }

    /// <summary>
    /// The target without the means of its rows and columns, each row times the root of its weight; the means
    /// themselves, the columns' with the grand one.
    /// </summary>
    private static (float[] Centred, double[] RowMeans, double[] ColumnMeans, double[] Roots) Centre(
        DistanceProblem problem)
    {
        DistanceSide side = problem.RowSide;
        double[] roots = new double[problem.Rows];
        double[] rowMeans = new double[problem.Rows];
        double[] columnMeans = new double[problem.Columns];
        (double grand, double total) = (0, 0);
        for (int k = 0; k < problem.Rows; k++)
        {
            double weight = Math.Max(problem.Weight.At(k), 1e-4);
            roots[k] = Math.Sqrt(weight);
            total += weight;
            for (int n = 0; n < problem.Columns; n++)
            {
                double value = side.Targets[(k * side.Padded) + n];
                rowMeans[k] += value / problem.Columns;
                columnMeans[n] += weight * value;
                grand += weight * value / problem.Columns;
            }
        }

        grand /= total;
        float[] centred = new float[side.Targets.Length];
        for (int n = 0; n < problem.Columns; n++)
        {
            columnMeans[n] /= total;
        }

        for (int k = 0; k < problem.Rows; k++)
        {
            for (int n = 0; n < problem.Columns; n++)
            {
                int i = (k * side.Padded) + n;
                centred[i] = (float)(roots[k] * (side.Targets[i] - rowMeans[k] - columnMeans[n] + grand));
            }

            rowMeans[k] -= grand;
        }

        return (centred, rowMeans, columnMeans, roots);
    }

    /// <summary>
    /// Puts a head's singular vectors across: every H-th pair. Returns what they were multiplied with, 0 where there
    /// are none.
    /// </summary>
    private static double Place(
        float[] states, int items, DistanceModel model, int head, float[][] vectors, double radius, int sign,
        Random random)
    {
        int d = model.StateDim;
        int first = head * d;
        double square = 0;
        for (int i = 0; i < d - 1; i++)
        {
            int pair = (i * model.Heads) + head;
            bool isThere = pair < vectors.Length;
            for (int k = 0; k < items; k++)
            {
                float value = isThere ? sign * vectors[pair][k] : 0;
                states[(k * model.Coordinates) + first + i] = value;
                square += (double)value * value / items;
            }
        }

        double scale = square > 0 ? radius / Math.Sqrt(square) : 0;
        for (int k = 0; k < items; k++)
        {
            for (int i = 0; i < d; i++)
            {
                ref float value = ref states[(k * model.Coordinates) + first + i];
                bool isPlaced = i < d - 1 && (i * model.Heads) + head < vectors.Length && scale > 0;
                value = isPlaced ? (float)(value * scale) : (float)(Jitter * radius * (random.NextDouble() - 0.5));
            }
        }

        return scale;
    }

    /// <summary>
    /// The coordinate along: where the cloud is, what cancels the squares of those across, and the means.
    /// </summary>
    private static void Lift(
        float[] states, int items, DistanceModel model, int head, double place, int sign, double[]? means, double along)
    {
        int d = model.StateDim;
        for (int k = 0; k < items; k++)
        {
            Span<float> state = states.AsSpan((k * model.Coordinates) + (head * d), d);
            double square = 0;
            for (int i = 0; i < d - 1; i++)
            {
                square += (double)state[i] * state[i];
            }

            double shift = means is null ? 0 : Math.Clamp(means[k] / along, -MaxShift, MaxShift);
            state[^1] += (float)(place + (sign * square / 2) + shift);
        }
    }
}
