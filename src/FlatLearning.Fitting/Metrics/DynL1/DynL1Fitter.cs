using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Fitting.Metrics.DynL1;

/// <summary>
/// Fits the DyN metric with L1 distances: coordinates are added one by one along what is still unexplained, then
/// refined in turn (row codes, column codes, weight) until a sweep gains nothing. Heads have alternating signs, without
/// which no negative weight could be represented.
/// </summary>
internal static class DynL1Fitter
{
    private const int PublishedCoordinates = 52;
    private const double LargestShare = 0.25;

    /// <summary>
    /// Elementary steps per second that <see cref="MetricPlan.Seconds"/> is converted with; a coordinate takes
    /// about eight an element.
    /// </summary>
    private const double ReferenceRate = 4e8;

    private const double StepsPerElement = 8;
    private const int PlacementRounds = 2;
    private const int MaxSweeps = 60;
    private const double Tolerance = 1e-4;

    /// <summary>Fits the metric.</summary>
    public static MetricFit Fit(
        MetricTarget target, DynPlan plan, FitOptions options, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        (int rows, int columns) = (target.Rows, target.Columns);
        ReadOnlySpan<float> w = target.Values.Span;
        double energy = 0;
        foreach (float value in w)
        {
            energy += (double)value * value;
        }

        int heads = plan.Heads;
        int d = plan.StateDim > 0 ? plan.StateDim : DefaultStateDim(rows, columns, plan);
        int coordinates = heads * d;
        double unit = energy > 0 ? Math.Sqrt(energy / w.Length) : 1;
        float[] normal = new float[w.Length];
        for (int i = 0; i < normal.Length; i++)
        {
            normal[i] = (float)(w[i] / unit);
        }

        L1State state = new(normal, rows, columns, coordinates, 1 << plan.StateBits);
        Random random = new(options.Seed);
        double sweepCost = StepsPerElement * coordinates * rows * columns;
        int sweeps =
            (int)Math.Clamp((plan.Seconds * ReferenceRate / sweepCost) - PlacementRounds, 1, MaxSweeps);

        // Heads take turns, so that both signs are there from the beginning.
        int[] order = new int[coordinates];
        for (int i = 0; i < coordinates; i++)
        {
            order[i] = (i % heads * d) + (i / heads);
        }

        foreach (int j in order)
        {
            cancellation.ThrowIfCancellationRequested();
            state.Place(j, Sign(j / d), random);
            for (int round = 0; round < PlacementRounds; round++)
            {
                Refine(state, j, Sign(j / d));
            }
        }

        bool converged = false;
        int swept = 0;
        double error = state.SquaredError();
        for (int sweep = 0; sweep < sweeps && !converged; sweep++)
        {
            foreach (int j in order)
            {
                cancellation.ThrowIfCancellationRequested();
                if (state.Weights[j] == 0)
                {
                    state.Place(j, Sign(j / d), random);
                }

                Refine(state, j, Sign(j / d));
            }

            double next = state.SquaredError();
            converged = error - next <= Tolerance * error;
            error = next;
            swept++;
            progress?.Report((sweep + 1.0) / sweeps);
        }

        DynL1Metric metric = Store(state, heads, d, unit, plan.StateBits);
        progress?.Report(1);
        string text = $"dyn-l1 {heads} heads of d {d}, {plan.StateBits}-bit states";
        return new MetricFit(
            metric,
            RelativeError.Of(metric, w, energy),
            converged ? FitStatus.Converged : FitStatus.BudgetSpent,
            swept,
            text);
    }

    private static int Sign(int head) => (head & 1) == 0 ? 1 : -1;

    private static void Refine(L1State state, int j, int sign)
    {
        state.FitRows(j);
        state.FitColumns(j);
        state.FitWeight(j, sign);
    }

    /// <summary>
    /// 52 coordinates over all heads, or as many as keep the representation below a quarter of the weight in float32.
    /// </summary>
    private static int DefaultStateDim(int rows, int columns, DynPlan plan)
    {
        int d = Math.Max(1, PublishedCoordinates / plan.Heads);
        while (d > 1
            && plan.Heads * d
                * (((rows + columns) * plan.StateBits / 8.0) + 4) > LargestShare * sizeof(float) * rows * columns)
        {
            d--;
        }

        return d;
    }

    /// <summary>
    /// lambda is a signed power of two above the head's largest weight; steps are the weights over it, at 16 bits. The
    /// minimum cancels in every distance and is 0.
    /// </summary>
    private static DynL1Metric Store(L1State state, int heads, int d, double unit, int bits)
    {
        float[] lambda = new float[heads];
        float[] range = new float[2 * heads * d];
        for (int h = 0; h < heads; h++)
        {
            double largest = state.Weights.AsSpan(h * d, d).ToArray().Max(Math.Abs) * unit;
            double scale = largest > 0 ? Math.ScaleB(1, Math.ILogB(largest) + 1) : 0;
            lambda[h] = (float)(Sign(h) * scale);
            for (int i = 0; i < d && scale > 0; i++)
            {
                range[(heads * d) + (h * d) + i] = (float)(Math.Abs(state.Weights[(h * d) + i]) * unit / scale);
            }
        }

        MetricStates states = new(
            PackedCodes.Pack(state.RowCodes, heads * d, state.Rows, bits),
            PackedCodes.Pack(state.ColumnCodes, heads * d, state.Columns, bits),
            new ParameterTensor(range, [2, heads * d], ParameterType.Float16));
        return new DynL1Metric(states, ParameterTensor.Smallest(lambda, heads));
    }
}
