using System.Diagnostics;
using FlatLearning.Fitting.LeastSquares;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>Solves for what is free until a share of the budget is spent.</summary>
internal sealed class RiemSolve(
    RiemProblem problem, AlignedFloats theta, RiemBudget budget, Action<double>? trace, CancellationToken cancellation)
{
    /// <summary>What is spent so far, of work or of time, whichever is more.</summary>
    public double Share => Math.Max(
        budget.Spent + (problem.Work / budget.Work),
        budget.Seconds > 0 ? Stopwatch.GetElapsedTime(budget.Begin).TotalSeconds / budget.Seconds : 0);

    /// <summary>The problem.</summary>
    public RiemProblem Problem => problem;

    /// <summary>The unknowns.</summary>
    public AlignedFloats Theta => theta;

    /// <summary>Solves, at least until there is no gain or nothing left up to a share.</summary>
    public SolverSummary Run(double untilShare, double functionTolerance)
    {
        SolverOptions options = new()
        {
            WorkLimit = Math.Max(0, (budget.Work * (untilShare - budget.Spent)) - problem.Work),
            Deadline = budget.Seconds > 0
                ? budget.Begin + (long)(budget.Seconds * untilShare * Stopwatch.Frequency)
                : long.MaxValue,
            FunctionTolerance = functionTolerance,
            CostLimit = budget.CostLimit,
        };
        using GaussNewtonSolver solver = new(problem, options);
        return solver.Solve(theta, trace, cancellation);
    }
}
