using System.Diagnostics;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Gradients;
using FlatLearning.Fitting.LeastSquares;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// Fits the RieM metric as published: no scales, no codes. The matrix is brought to standard deviation 1, several
/// starts run for a while, the best is solved jointly by damped Gauss-Newton, and <see cref="RiemStates"/> takes it to
/// stored numbers while what is still free is solved again.
/// </summary>
public sealed class RiemFitter : IMetricFitter
{
    /// <summary>
    /// Evaluations of a feature per second that <see cref="FitOptions.MetricSeconds"/> is converted with: about one
    /// core's.
    /// </summary>
    private const double ReferenceRate = 2.5e9;

    private const double MinWork = 300;

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

    /// <inheritdoc/>
    public string Name => MetricKinds.Riem;

    /// <inheritdoc/>
    public MetricFit Fit(
        MetricTarget target,
        FitOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default) =>
        Fit(target, options, progress, null, cancellation);

    /// <inheritdoc/>
    public IReadOnlyList<GradientReport> CheckGradients(MetricTarget target, FitOptions options) =>
        RiemGradientCheck.Run(target, options);

    /// <summary>
    /// As <see cref="Fit(MetricTarget, FitOptions, IProgress{double}?, CancellationToken)"/>; <paramref name="trace"/>
    /// hears the unexplained energy after every step.
    /// </summary>
    internal MetricFit Fit(
        MetricTarget target,
        FitOptions options,
        IProgress<double>? progress,
        Action<double>? trace,
        CancellationToken cancellation)
    {
        RiemShape shape = RiemSizes.Choose(target.Rows, target.Columns, options);
        Normalisation normal = Normalisation.Of(target.Values.Span);
        IWorkers workers = target.Workers;
        using RiemField field = new(shape, target.Values.Span, target.Hessian, workers, normal);
        using AlignedFloats theta = new(shape.Length);
        RiemStarts starts = new(field, options.Seed);
        RiemBudget budget = new(Work(shape, options), options.TimeLimit);
        RiemSample? sample = RiemSample.Choose(shape, budget.Work);
        if (sample is not null)
        {
            double share = SampleShare * (1 - QuantiseShare);
            sample.Fit(field, starts, theta, options, budget, share, target.Hessian, workers, cancellation);
            budget = budget with { Spent = share };
        }

        using RiemProblem problem = new(field, workers);
        double zero = Math.Max(double.Epsilon, ZeroCost(field, shape));
        budget = budget with { CostLimit = NegligibleCost * zero };
        Action<double>? hear = trace is null ? null : cost => trace(cost / zero);
        RiemSolve solve = new(problem, theta, budget, hear, cancellation);
        SolverSummary main = sample is not null && RiemSample.IsBetter(starts, solve)
            ? RiemSearch.SolveForGrids(solve, options.StateBits, 1 - QuantiseShare)
            : RiemSearch.Run(starts, solve, options.StateBits, 1 - QuantiseShare);
        progress?.Report(1 - QuantiseShare);
        RiemStates states = new(field, problem, options.StateBits);
        ParameterType type = RiemStore.Run(states, solve, field, options.StateBits, normal, 1 - QuantiseShare);
        if (zero == double.Epsilon)
        {
            // Nothing but the mean to represent: exactly that, where a fit would leave rounding.
            theta.Span[shape.V..].Clear();
        }

        hear?.Invoke(field.Cost(theta));
        progress?.Report(1);
        RiemMetric metric = RiemStore.Pack(shape, theta, states, options.StateBits, normal, type);
        FitStatus status = main.Status is SolverStatus.WorkLimit or SolverStatus.TimeLimit
            ? FitStatus.BudgetSpent
            : FitStatus.Converged;
        string text =
            $"riem d {shape.StateDim}, {shape.Shifts} shifts, width {shape.Width}, {options.StateBits}-bit states";
        return new MetricFit(metric, RelativeError.Of(metric, target), status, main.Steps, text);
    }

    private static double ZeroCost(RiemField field, RiemShape shape)
    {
        using AlignedFloats zeros = new(shape.Length);
        return field.Cost(zeros);
    }

    /// <summary>Passes over a matrix that <see cref="FitOptions.MetricSeconds"/> are worth.</summary>
    private static double Work(RiemShape shape, FitOptions options) =>
        Math.Clamp(
            options.MetricSeconds * ReferenceRate / ((double)shape.Rows * shape.Columns * shape.Features),
            MinWork,
            MaxWork);
}
