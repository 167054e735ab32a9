using FlatLearning.Dyn;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.LeastSquares;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// Fits the RieM metric as published: no scales, no codes. The matrix is brought to standard deviation 1, several
/// starts run for a while, the best is solved jointly by damped Gauss-Newton, and <see cref="RiemStates"/> takes it to
/// stored numbers while what is still free is solved again.
/// </summary>
internal static class RiemFitter
{
    /// <summary>
    /// Evaluations of a feature per second that <see cref="MetricPlan.Seconds"/> is converted with: about one
    /// core's.
    /// </summary>
    private const double ReferenceRate = 2.5e9;

    private const double MinWork = 300;

    /// <summary>Evaluations of a feature in a pass that threads would take longer to share out than to do.</summary>
    private const long SmallPass = 1 << 18;

    /// <summary>Enough for any weight; small ones would otherwise polish digits for the whole time.</summary>
    private const double MaxWork = 300000;

    /// <summary>What is left for the way to stored numbers.</summary>
    private const double QuantiseShare = 0.35;

    /// <summary>
    /// What of the rest a sample of rows and columns may take, where the matrix is too large for its own budget.
    /// </summary>
    private const double SampleShare = 0.4;

    /// <summary>Of the energy: below it there are only roundings of float32.</summary>
    private const double NegligibleCost = 1e-12;

    /// <summary>Fits the metric.</summary>
    /// <param name="target">The matrix and the weight of its errors.</param>
    /// <param name="plan">Sizes, bits of the states and budget.</param>
    /// <param name="options">Seed and time limit.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="trace">Hears the unexplained energy after every step, or null.</param>
    /// <param name="cancellation">Stops the fit with an <see cref="OperationCanceledException"/>.</param>
    public static MetricFit Fit(
        MetricTarget target,
        RiemPlan plan,
        FitOptions options,
        IProgress<double>? progress,
        Action<double>? trace,
        CancellationToken cancellation)
    {
        RiemShape shape = RiemSizes.Choose(target.Rows, target.Columns, plan);
        Normalisation normal = Normalisation.Of(target.Values.Span);
        bool isSmall = (long)shape.Rows * shape.Columns * shape.Features < SmallPass;
        IWorkers workers = isSmall ? ThreadWorkers.Single : target.Workers;
        using RiemField field = new(shape, target.Values.Span, target.Hessian, workers, normal);
        using AlignedFloats theta = new(shape.Length);
        RiemStarts starts = new(field, options.Seed);
        RiemBudget budget = new(Work(shape, plan), options.TimeLimit);
        RiemSample? sample = RiemSample.Choose(shape, budget.Work);
        if (sample is not null)
        {
            double share = SampleShare * (1 - QuantiseShare);
            sample.Fit(
                field, starts, theta, plan.StateBits, options.Seed, budget, share, target.Hessian, workers,
                cancellation);
            budget = budget with { Spent = share };
        }

        using RiemProblem problem = new(field, workers);
        double zero = Math.Max(double.Epsilon, ZeroCost(field, shape));
        budget = budget with { CostLimit = NegligibleCost * zero };
        Action<double>? hear = trace is null ? null : cost => trace(cost / zero);
        RiemSolve solve = new(problem, theta, budget, hear, cancellation);
        SolverSummary main = sample is not null && RiemSample.IsBetter(starts, solve)
            ? RiemSearch.SolveForGrids(solve, plan.StateBits, 1 - QuantiseShare)
            : RiemSearch.Run(starts, solve, plan.StateBits, 1 - QuantiseShare);
        progress?.Report(1 - QuantiseShare);
        RiemStates states = new(field, problem, plan.StateBits);
        ParameterType type = RiemStore.Run(states, solve, field, plan.StateBits, normal, 1 - QuantiseShare);
        if (zero == double.Epsilon)
        {
            // Nothing but the mean to represent: exactly that, where a fit would leave rounding.
            theta.Span[shape.V..].Clear();
        }

        hear?.Invoke(field.Cost(theta));
        progress?.Report(1);
        RiemMetric metric = RiemStore.Pack(shape, theta, states, plan.StateBits, normal, type);
        FitStatus status = main.Status is SolverStatus.WorkLimit or SolverStatus.TimeLimit
            ? FitStatus.BudgetSpent
            : FitStatus.Converged;
        string text =
            $"riem d {shape.StateDim}, {shape.Shifts} shifts, width {shape.Width}, {plan.StateBits}-bit states";
        return new MetricFit(metric, RelativeError.Of(metric, target), status, main.Steps, text);
    }

    private static double ZeroCost(RiemField field, RiemShape shape)
    {
        using AlignedFloats zeros = new(shape.Length);
        return field.Cost(zeros);
    }

    /// <summary>Passes over a matrix that <see cref="MetricPlan.Seconds"/> are worth.</summary>
    private static double Work(RiemShape shape, RiemPlan plan) =>
        Math.Clamp(
            plan.Seconds * ReferenceRate / ((double)shape.Rows * shape.Columns * shape.Features),
            MinWork,
            MaxWork);
}
