using FlatLearning.Fitting.Gradients;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// Checks the derivatives that states of a metric of distances are solved with against its formula in double precision.
/// </summary>
internal static class DistanceGradientCheck<TKernel>
    where TKernel : struct, IDistanceKernel
{
    /// <summary>Row states and column states, at random states for the first rows and columns of the target.</summary>
    public static IReadOnlyList<GradientReport> Run(MetricTarget whole, int heads, int stateDim, int seed)
    {
        MetricTarget target = CornerOf.Target(whole);
        DistanceProblem problem = new(
            target.Values.ToArray(), target.Rows, target.Columns, target.Hessian, target.Workers);
        Random random = new(seed);
        DistanceModel model = new(target.Rows, target.Columns, heads, stateDim);
        DirectionCheck.Direction(model.Rows.Length, random).CopyTo(model.Rows, 0);
        DirectionCheck.Direction(model.Columns.Length, random).CopyTo(model.Columns, 0);
        Array.Fill(model.Softening, (float)TKernel.Softening);
        for (int h = 0; h <= heads; h++)
        {
            model.Linear[h] = random.NextDouble() + 0.5;
        }

        return [Side(problem, model, SideKind.Rows, random), Side(problem, model, SideKind.Columns, random)];
    }

    private static GradientReport Side(DistanceProblem problem, DistanceModel model, SideKind kind, Random random)
    {
        float[] states = kind == SideKind.Rows ? model.Rows : model.Columns;
        float[] direction = DirectionCheck.Direction(states.Length, random);
        Capture capture = new(
            direction,
            kind == SideKind.Rows ? problem.Weight : Hessian.Identity,
            states.Length / model.Coordinates);
        new SideSolver<TKernel>(problem, kind).Sweep(model, capture, null, default);
        return DirectionCheck.Run(
            kind == SideKind.Rows ? "row states" : "column states",
            step => Residuals(
                problem,
                model,
                kind == SideKind.Rows ? direction : null,
                kind == SideKind.Rows ? null : direction,
                step),
            capture.Slopes.Sum(),
            capture.Curvatures.Sum());
    }

    private static double[] Residuals(
        DistanceProblem problem, DistanceModel model, float[]? rowDirection, float[]? columnDirection, double step)
    {
        int columns = problem.Columns;
        double[] residuals = new double[problem.Rows * columns];
        for (int i = 0; i < residuals.Length; i++)
        {
            int row = i / columns * model.Coordinates;
            int column = i % columns * model.Coordinates;
            double value = model.Linear[^1];
            for (int h = 0; h < model.Heads; h++)
            {
                double square = model.Softening[h];
                for (int c = h * model.StateDim; c < (h + 1) * model.StateDim; c++)
                {
                    double p = model.Rows[row + c] + (rowDirection is null ? 0 : step * rowDirection[row + c]);
                    double q =
                        model.Columns[column + c] + (columnDirection is null ? 0 : step * columnDirection[column + c]);
                    square += (p - q) * (p - q);
                }

                value += model.Linear[h] * TKernel.Exact(square);
            }

            residuals[i] = (value - problem.Target[i]) * Math.Sqrt(problem.Weight.At(i / columns));
        }

        return residuals;
    }

    /// <summary>Leaves states as they are and notes the products of each item's part of the direction.</summary>
    private sealed class Capture(float[] direction, Hessian weight, int items) : IItemStep
    {
        public double[] Slopes { get; } = new double[items];

        public double[] Curvatures { get; } = new double[items];

        public void Run(ItemWork work, Span<float> state, ref double damping)
        {
            _ = work.Linearise(state);
            ReadOnlySpan<float> own = direction.AsSpan(work.Item * state.Length, state.Length);
            for (int i = 0; i < state.Length; i++)
            {
                Slopes[work.Item] += weight.At(work.Item) * work.Gradient[i] * own[i];
                for (int j = 0; j <= i; j++)
                {
                    Curvatures[work.Item] +=
                        weight.At(work.Item) * work.Gram[(i * state.Length) + j] * own[i] * own[j] * (i == j ? 1 : 2);
                }
            }
        }
    }
}
