namespace FlatLearning.Fitting.Gradients;

/// <summary>
/// How well the derivatives that a fit steps by agree with central differences of the formula in double precision, for
/// one group of unknowns.
/// </summary>
/// <param name="Group">The unknowns that were moved, such as "row states".</param>
/// <param name="GradientError">|gradient · δ - rᵀJδ| / (‖r‖ ‖Jδ‖).</param>
/// <param name="CurvatureError">|δᵀ(JᵀJ)δ - ‖Jδ‖²| / ‖Jδ‖².</param>
public sealed record GradientReport(string Group, double GradientError, double CurvatureError)
{
    /// <summary>What float32 sums over some thousand terms may be off by.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>Whether both errors are within <see cref="Tolerance"/>; not a number is not.</summary>
    public bool Passed => GradientError <= Tolerance && CurvatureError <= Tolerance;
}
