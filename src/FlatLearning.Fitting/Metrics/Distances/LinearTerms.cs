using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// lambda and beta by weighted least squares, the states fixed: normal equations of the correction, against the present
/// error. Terms are taken less their value at the first pair: large distances are nearly constant, and the constant has
/// an unknown of its own.
/// </summary>
internal static class LinearTerms<TKernel>
    where TKernel : struct, IDistanceKernel
{
    private const double Ridge = 1e-9;
    private const int Piece = 128 * DistanceSide.Lanes;

    /// <summary>Solves for lambda and beta. Returns tr(Eᵀ H E), with the prior's energy, with them.</summary>
    public static double Solve(
        DistanceProblem problem, DistanceModel model, RoundingPrior? prior, CancellationToken cancellation)
    {
        int size = model.Heads + 1;
        (double[] normal, double[] right, double cost, float[] origins) = Accumulate(problem, model, cancellation);
        for (int h = 0; prior is not null && h < model.Heads; h++)
        {
            double ridge = prior.OfUnitLambda(model, h);
            normal[(h * size) + h] += ridge;
            right[h] -= ridge * model.Linear[h];
            cost += ridge * model.Linear[h] * model.Linear[h];
        }

        double[] matrix = (double[])normal.Clone();
        double[] change = (double[])right.Clone();
        for (int i = 0; i < size; i++)
        {
            matrix[(i * size) + i] *= 1 + Ridge;
            matrix[(i * size) + i] += matrix[(i * size) + i] > 0 ? 0 : 1;
        }

        if (!Cholesky.Solve(matrix, change))
        {
            return cost;
        }

        double gain = 0;
        for (int i = 0; i < size; i++)
        {
            gain += 2 * change[i] * right[i];
            for (int j = 0; j < size; j++)
            {
                gain -= change[i] * change[j] * normal[(Math.Max(i, j) * size) + Math.Min(i, j)];
            }
        }

        if (!(gain > 0) || !double.IsFinite(gain))
        {
            return cost;
        }

        for (int h = 0; h < model.Heads; h++)
        {
            model.Linear[h] += change[h];
            model.Linear[^1] -= change[h] * origins[h];
        }

        model.Linear[^1] += change[^1];
        return Math.Max(0, cost - gain);
    }

    /// <summary>tr(Eᵀ H E).</summary>
    public static double Cost(DistanceProblem problem, DistanceModel model, CancellationToken cancellation) =>
        Accumulate(problem, model, cancellation).Cost;

    /// <summary>
    /// The normal equations of a correction of lambda and beta: lower triangle, right side, and the present cost.
    /// </summary>
    internal static (double[] Normal, double[] Right, double Cost, float[] Origins) Accumulate(
        DistanceProblem problem, DistanceModel model, CancellationToken cancellation)
    {
        DistanceSide side = problem.RowSide;
        int lines = model.Heads + 2;
        int padded = side.Padded;
        float[] panels = side.Panels(model.Columns, model.Coordinates);
        float[] origins = Origins(model, panels, padded);

        // Under a full H all terms are kept, since their products reach over rows; else each row gives its share of the
        // sums at once.
        bool isFull = problem.Weight.IsFull;
        float[] kept = new float[isFull ? lines * side.Items * padded : 0];
        double[] shares = new double[isFull ? 0 : side.Items * lines * lines];
        problem.Workers.For(
            side.Items,
            () => new float[lines * padded],
            (k, terms) =>
            {
                cancellation.ThrowIfCancellationRequested();
                Fill(model, side, panels, origins, k, terms);
                if (isFull)
                {
                    for (int i = 0; i < lines; i++)
                    {
                        terms.AsSpan(i * padded, padded).CopyTo(kept.AsSpan(((i * side.Items) + k) * padded));
                    }
                }
                else
                {
                    Products(
                        terms, terms, padded, lines, problem.Weight.At(k),
                        shares.AsSpan(k * lines * lines, lines * lines));
                }
            });
        double[] sums = new double[lines * lines];
        if (isFull)
        {
            float[] weighted = new float[kept.Length];
            for (int i = 0; i < lines; i++)
            {
                problem.Weight.Multiply(
                    kept.AsSpan(i * side.Items * padded, side.Items * padded),
                    weighted.AsSpan(i * side.Items * padded, side.Items * padded),
                    padded);
            }

            Products(weighted, kept, side.Items * padded, lines, 1, sums);
        }

        for (int i = 0; i < shares.Length; i++)
        {
            sums[i % sums.Length] += shares[i];
        }

        return Equations(sums, lines, origins);
    }

    private static float[] Origins(DistanceModel model, float[] panels, int padded)
    {
        float[] origins = new float[model.Heads];
        float[] line = new float[padded];
        for (int h = 0; h < origins.Length; h++)
        {
            DistanceKernels<TKernel>.Terms(model, h, model.Rows.AsSpan(0, model.Coordinates), panels, line);
            origins[h] = line[0];
        }

        return origins;
    }

    /// <summary>Terms of a row, one line a head, a line of ones, and what is left of the target.</summary>
    private static void Fill(
        DistanceModel model, DistanceSide side, float[] panels, float[] origins, int k, float[] terms)
    {
        int padded = side.Padded;
        ReadOnlySpan<float> state = model.Rows.AsSpan(k * model.Coordinates, model.Coordinates);
        Span<float> left = terms.AsSpan((model.Heads + 1) * padded, padded);
        DistanceKernels<TKernel>.Values(model, state, panels, left);
        Lines.SubtractMultiply(side.Targets.AsSpan(k * padded, padded), left, side.Roots, left);
        for (int h = 0; h < model.Heads; h++)
        {
            Span<float> line = terms.AsSpan(h * padded, padded);
            DistanceKernels<TKernel>.Terms(model, h, state, panels, line);
            Lines.SubtractMultiply(line, origins[h], side.Roots, line);
        }

        side.Roots.CopyTo(terms, model.Heads * padded);
    }

    /// <summary>
    /// Adds the weighted products of all pairs of lines; long lines in pieces, so that float32 sums stay short.
    /// </summary>
    private static void Products(float[] left, float[] right, int length, int lines, double weight, Span<double> sums)
    {
        for (int i = 0; i < lines; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                for (int n = 0; n < length; n += Piece)
                {
                    int count = Math.Min(Piece, length - n);
                    sums[(i * lines) + j] +=
                        weight
                            * Dot.OfRegisters(
                                left.AsSpan((i * length) + n, count), right.AsSpan((j * length) + n, count));
                }
            }
        }
    }

    private static (double[] Normal, double[] Right, double Cost, float[] Origins) Equations(
        double[] sums, int lines, float[] origins)
    {
        int size = lines - 1;
        double[] normal = new double[size * size];
        double[] right = new double[size];
        for (int i = 0; i < size; i++)
        {
            right[i] = sums[(size * lines) + i];
            for (int j = 0; j <= i; j++)
            {
                normal[(i * size) + j] = sums[(i * lines) + j];
            }
        }

        return (normal, right, sums[^1], origins);
    }
}
