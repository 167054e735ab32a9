using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Gradients;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// Brings a matrix to unit size, fits a metric of distances to it and stores what was found.
/// </summary>
internal static class DistanceFitter<TKernel>
    where TKernel : struct, IDistanceKernel
{
    private const int PublishedCoordinates = 52;
    private const double LargestShare = 0.25;

    /// <summary>Fits the metric.</summary>
    public static MetricFit Fit(
        MetricTarget target, DynPlan plan, FitOptions options, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        int heads = plan.Heads;
        int d = plan.StateDim > 0 ? plan.StateDim : DefaultStateDim(target, plan);
        if (DistanceMetric.MaxOffset(d, plan.StateBits, 1) < 0)
        {
            throw new ArgumentException(
                $"{plan.Kind} with {d} coordinates of {plan.StateBits} bits has squared distances of 2^24 or more, "
                    + "expected fewer coordinates or bits");
        }

        double unit = Unit(target.Values.Span);
        float[] normal = new float[target.Values.Length];
        for (int i = 0; i < normal.Length; i++)
        {
            normal[i] = (float)(target.Values.Span[i] / unit);
        }

        DistanceProblem problem = new(normal, target.Rows, target.Columns, target.Hessian, target.Workers);
        (DistanceModel model, DistanceGrid grid, bool converged, int sweeps) =
            DistanceFit<TKernel>.Run(problem, plan with { StateDim = d }, options.Seed, progress, cancellation);
        DistanceMetric metric = Store(problem, model, grid, unit, plan, cancellation);
        double error = RelativeError.Of(metric, target);
        DistanceMetric constant = Constant(metric, Mean(target));
        double constantError = RelativeError.Of(constant, target);
        if (!(error <= constantError))
        {
            (metric, error) = (constant, constantError);
        }

        progress?.Report(1);
        string text = $"{plan.Kind} {heads} heads of d {d}, {plan.StateBits}-bit states";
        return new MetricFit(metric, error, converged ? FitStatus.Converged : FitStatus.BudgetSpent, sweeps, text);
    }

    /// <summary>Compares derivatives with differences.</summary>
    public static IReadOnlyList<GradientReport> CheckGradients(MetricTarget target, DynPlan plan, FitOptions options) =>
        DistanceGradientCheck<TKernel>.Run(
            target, plan.Heads, plan.StateDim > 0 ? plan.StateDim : DefaultStateDim(target, plan), options.Seed);

    /// <summary>The root mean square, without overflow; 1 for zeros.</summary>
    private static double Unit(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return sum > 0 ? Math.Sqrt(sum / values.Length) : 1;
    }

    private static double Mean(MetricTarget target)
    {
        (double sum, double total) = (0, 0);
        for (int i = 0; i < target.Values.Length; i++)
        {
            double weight = target.Hessian.At(i / target.Columns);
            sum += weight * target.Values.Span[i];
            total += weight;
        }

        return total > 0 ? sum / total : 0;
    }

    /// <summary>
    /// 52 coordinates over all heads, or as many as keep the representation below a quarter of the weight in float32.
    /// </summary>
    private static int DefaultStateDim(MetricTarget target, DynPlan plan)
    {
        int d = Math.Max(1, PublishedCoordinates / plan.Heads);
        double perCoordinate = ((double)(target.Rows + target.Columns) * plan.StateBits / 8) + 2;
        while (d > 1 && plan.Heads * d * perCoordinate > LargestShare * sizeof(float) * target.Values.Length)
        {
            d--;
        }

        return d;
    }

    /// <summary>
    /// Rounds lambda one by one, the rest solved for again, beta last; falls back on lambda = 0 where a number leaves
    /// float32.
    /// </summary>
    private static DistanceMetric Store(
        DistanceProblem problem, DistanceModel model, DistanceGrid grid, double unit, DynPlan plan,
        CancellationToken cancellation)
    {
        int bits = plan.StateBits;
        bool isSoftened = TKernel.Softening > 0;
        double[] linear = LinearRounding<TKernel>.Round(problem, model, unit, bits, cancellation);
        float[] parameters = new float[(isSoftened ? 2 : 1) * model.Heads + 1];
        for (int h = 0; h < model.Heads; h++)
        {
            parameters[h] = (float)linear[h];
            if (isSoftened)
            {
                parameters[model.Heads + h] = model.Softening[h];
            }
        }

        parameters[^1] = (float)linear[^1];
        MetricStates states = new(
            PackedCodes.Pack(
                Codes(model.Rows, model.Coordinates, new float[model.Coordinates]),
                model.Coordinates,
                problem.Rows,
                bits),
            PackedCodes.Pack(
                Codes(model.Columns, model.Coordinates, grid.Offset), model.Coordinates, problem.Columns, bits),
            ParameterTensor.Smallest(grid.Offset, 1, model.Coordinates));
        return Create(plan.Kind, states, LinearRounding<TKernel>.Tensor(parameters), model.Heads);
    }

    /// <summary>The same states with lambda 0.</summary>
    private static DistanceMetric Constant(DistanceMetric metric, double mean)
    {
        float[] parameters = (float[])metric.Parameters.Values.Clone();
        parameters.AsSpan(0, metric.Heads).Clear();
        parameters[^1] = (float)mean;
        return Create(
            metric.Kind, metric.States, ParameterTensor.Smallest(parameters, parameters.Length), metric.Heads);
    }

    private static DistanceMetric Create(string kind, MetricStates states, ParameterTensor parameters, int heads) =>
        (DistanceMetric)MetricKinds.Create(kind, states, parameters, heads, 0, 0);

    private static byte[] Codes(float[] states, int coordinates, float[] lowest)
    {
        int items = states.Length / coordinates;
        byte[] codes = new byte[states.Length];
        for (int k = 0; k < items; k++)
        {
            for (int i = 0; i < coordinates; i++)
            {
                codes[(i * items) + k] = (byte)(states[(k * coordinates) + i] - lowest[i]);
            }
        }

        return codes;
    }
}
