using System.Runtime.Intrinsics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// A head's term as a function of its squared distance (softening included), and what the fit must know about it. A new
/// kind of distance is one such struct and a line in <see cref="DynPlan"/>.
/// </summary>
internal interface IDistanceKernel
{
    /// <summary>The term, and its derivative by the squared distance.</summary>
    static abstract Vector512<float> Term(Vector512<float> square, out Vector512<float> slope);

    /// <summary>The term alone.</summary>
    static abstract Vector512<float> Term(Vector512<float> square);

    /// <summary>The term in double precision, from its definition.</summary>
    static abstract double Exact(double square);

    /// <summary>
    /// The derivative of the term by the distance at distance 1: what turns a start's bilinear form into lambda.
    /// </summary>
    static abstract double SlopeAtOne { get; }

    /// <summary>
    /// What lambda is multiplied with when the unit of length becomes <paramref name="step"/>: Term(s² · x) = Term(x) /
    /// factor.
    /// </summary>
    static abstract double LambdaFactor(double step);

    /// <summary>What lambda in steps is multiplied with to be stored, in units of 2^s steps.</summary>
    static abstract double StoredFactor(int bits);

    /// <summary>The softening that a fit begins with, where the clouds of row and column states are 1 apart.</summary>
    static abstract double Softening { get; }

    /// <summary>
    /// The root mean square radii of a cloud that are tried, where the clouds of row and column states are 1 apart.
    /// </summary>
    static abstract ReadOnlySpan<double> Radii { get; }
}
