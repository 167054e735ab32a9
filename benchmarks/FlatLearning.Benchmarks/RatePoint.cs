using FlatLearning.Fitting;
using FlatLearning.Fitting.Codes;

namespace FlatLearning.Benchmarks;

/// <summary>One representation of a weight with its price: a point of its operational rate-distortion curve.</summary>
/// <param name="Plan">The options that make it again.</param>
/// <param name="Fit">What they made.</param>
internal sealed record RatePoint(UniformCodesPlan Plan, FitResult Fit)
{
    /// <summary>Stored bits per weight, every part counted.</summary>
    public double BitsPerWeight => Fit.Weight!.BitsPerWeight;

    /// <summary>
    /// The weighted squared error, relative to the weight's own (<see cref="FitResult.WeightedError"/>).
    /// </summary>
    public double Error => Fit.WeightedError;
}
