using FlatLearning.Dyn;

namespace FlatLearning.Fitting;

/// <summary>What became of one weight.</summary>
/// <param name="Weight">The representation, or null (then <paramref name="Reason"/> says why).</param>
/// <param name="Error">||W - W~||² / ||W||² of the stored representation, summed in double precision; 0 for a weight of
/// zeros; NaN without a representation.</param>
/// <param name="WeightedError">tr(dWᵀ H dW) / tr(Wᵀ H W), dW = W - W~, under the <see cref="FitOptions.Hessian"/> of
/// the fit; 0 where both are zero; NaN without a representation.</param>
/// <param name="Status">How the fit ended.</param>
/// <param name="Reason">One sentence when there is no representation, else null.</param>
public sealed record FitResult(DynWeight? Weight, double Error, double WeightedError, FitStatus Status, string? Reason)
{
    /// <summary>
    /// Short text for tables, such as "codes 4 bits, 3 taps, row+column scales"; empty without a representation.
    /// </summary>
    public string Representation => Weight?.Describe() ?? string.Empty;

    internal static FitResult None(FitStatus status, string reason) =>
        new(null, double.NaN, double.NaN, status, reason);
}
