using System.Runtime.Intrinsics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>One over the softened distance.</summary>
internal readonly struct InverseL2Kernel : IDistanceKernel
{
    /// <inheritdoc/>
    public static double SlopeAtOne => -1;

    /// <inheritdoc/>
    public static double Softening => 1e-3;

    /// <inheritdoc/>
    public static ReadOnlySpan<double> Radii => [0.15, 0.3, 0.5];

    /// <inheritdoc/>
    public static double LambdaFactor(double step) => 1 / step;

    /// <inheritdoc/>
    public static double StoredFactor(int bits) => Math.ScaleB(1, -bits);

    /// <inheritdoc/>
    public static double Exact(double square) => 1 / Math.Sqrt(square);

    /// <inheritdoc/>
    public static Vector512<float> Term(Vector512<float> square) => Vector512<float>.One / Vector512.Sqrt(square);

    /// <inheritdoc/>
    public static Vector512<float> Term(Vector512<float> square, out Vector512<float> slope)
    {
        Vector512<float> inverse = Term(square);
        slope = Vector512.Create(-0.5f) * inverse * inverse * inverse;
        return inverse;
    }
}
