namespace FlatLearning.Fitting.LeastSquares;

/// <summary>How a solve went.</summary>
/// <param name="Status">Why it stopped.</param>
/// <param name="Reason">The inequality that stopped it, with its numbers.</param>
/// <param name="InitialCost">Half the squared residual at the start.</param>
/// <param name="FinalCost">Half the squared residual at the end.</param>
/// <param name="Steps">Accepted steps.</param>
/// <param name="Rejected">Rejected steps.</param>
/// <param name="InnerIterations">Conjugate-gradient iterations of all steps.</param>
/// <param name="Work">Units of work, see <see cref="SolverOptions.WorkLimit"/>.</param>
internal sealed record SolverSummary(
    SolverStatus Status, string Reason, double InitialCost, double FinalCost, int Steps, int Rejected,
    int InnerIterations, double Work);
