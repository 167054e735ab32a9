using FlatLearning.Numerics;

namespace FlatLearning.Fitting;

/// <summary>
/// What every fit has besides its plan. Results depend on the plan, these values and the weight alone, never on time or
/// threads, unless a time limit ends a fit.
/// </summary>
public sealed record FitOptions
{
    /// <summary>
    /// The second moment H of the error tr(dWᵀ H dW) that every fitter minimises; for as many inputs as the weight has
    /// rows.
    /// </summary>
    public Hessian Hessian { get; init; } = Hessian.Identity;

    /// <summary>The start of every random number.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Seconds by the clock after which the fit of a metric stops, best so far, wherever it is; 0 for none. Only where
    /// it stops a fit does the result depend on the machine.
    /// </summary>
    public double TimeLimit { get; init; }

    /// <summary>The threads of the fit; its result is the same for any number. By default the caller's alone.</summary>
    public IWorkers Workers { get; init; } = ThreadWorkers.Single;

    /// <summary>Throws <see cref="ArgumentException"/> with one sentence when a value is out of range.</summary>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Hessian);
        WeightPlan.Require(TimeLimit >= 0, $"the time limit is {TimeLimit} seconds, expected 0 or more");
    }
}
