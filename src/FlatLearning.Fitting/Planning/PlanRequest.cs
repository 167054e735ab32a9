using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Planning;

/// <summary>What the curve of one weight is measured for.</summary>
public sealed record PlanRequest
{
    /// <summary>H of the error.</summary>
    public Hessian Hessian { get; init; } = Hessian.Identity;

    /// <summary>How much work the curve may cost.</summary>
    public FitEffort Effort { get; init; } = FitEffort.Default;

    /// <summary>Whether metrics may stand in front of the codes.</summary>
    public bool Metrics { get; init; } = true;

    /// <summary>Whether codes may have several widths in one weight.</summary>
    public bool Bands { get; init; } = true;

    /// <summary>Whether codes of one width may have scales of a byte and tables that a model stores once.</summary>
    public bool Compact { get; init; } = true;

    /// <summary>Whether weights of few elements may be stored by these alone.</summary>
    public bool Sparse { get; init; } = true;

    /// <summary>
    /// Whether codes are entropy coded. Under a full H the curve has packed codes too, since these alone have error
    /// feedback.
    /// </summary>
    public bool Coded { get; init; }

    /// <summary>
    /// Taps of every codebook; 0 for the default of each number of bits. Numbers of bits that do not go with them are
    /// left out.
    /// </summary>
    public int Taps { get; init; }

    /// <summary>The start of every random number.</summary>
    public int Seed { get; init; }

    /// <summary>The threads of the work; what is measured is the same for any number.</summary>
    public IWorkers Workers { get; init; } = ThreadWorkers.Single;
}
