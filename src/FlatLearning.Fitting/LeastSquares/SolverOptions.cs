namespace FlatLearning.Fitting.LeastSquares;

/// <summary>Options of <see cref="GaussNewtonSolver"/>. Costs are half squared norms.</summary>
internal sealed record SolverOptions
{
    /// <summary>Stops after so much work (<see cref="SolverStatus.WorkLimit"/>).</summary>
    public double WorkLimit { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// Stops when this point in time, of <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>, has passed
    /// (<see cref="SolverStatus.TimeLimit"/>).
    /// </summary>
    public long Deadline { get; init; } = long.MaxValue;

    /// <summary>
    /// Stops when <see cref="FlatSteps"/> accepted steps in a row each gain less than this share of the cost.
    /// </summary>
    public double FunctionTolerance { get; init; } = 2e-5;

    /// <summary>See <see cref="FunctionTolerance"/>.</summary>
    public int FlatSteps { get; init; } = 4;

    /// <summary>Stops when the largest |gradient_i| / sqrt(D_i · cost) is below this.</summary>
    public double GradientTolerance { get; init; } = 1e-7;

    /// <summary>Stops at this cost.</summary>
    public double CostLimit { get; init; }

    /// <summary>Damping at the start, relative to D.</summary>
    public double InitialDamping { get; init; } = 1e-2;

    /// <summary>
    /// Damping beyond which a step is too short to change anything (<see cref="SolverStatus.NoDescent"/>).
    /// </summary>
    public double LargestDamping { get; init; } = 1e6;

    /// <summary>Conjugate-gradient iterations of one step at most.</summary>
    public int InnerIterations { get; init; } = 40;

    /// <summary>Conjugate gradients stop when the preconditioned residual has fallen to this share.</summary>
    public double InnerTolerance { get; init; } = 0.05;

    /// <summary>Accepted steps for which a preconditioner is kept.</summary>
    public int PreconditionerLife { get; init; } = 3;
}
