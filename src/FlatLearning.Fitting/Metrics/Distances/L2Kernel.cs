using System.Runtime.Intrinsics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// The distance itself. Its derivative at 0 is unbounded; coordinates' differences, which it is multiplied with, are 0
/// there.
/// </summary>
internal readonly struct L2Kernel : IDistanceKernel
{
    private const float MinSquare = 1e-12f;

    /// <inheritdoc/>
    public static double SlopeAtOne => 1;

    /// <inheritdoc/>
    public static double Softening => 0;

    /// <inheritdoc/>
    public static ReadOnlySpan<double> Radii => [0.2, 0.5, 0.8];

    /// <inheritdoc/>
    public static double LambdaFactor(double step) => step;

    /// <inheritdoc/>
    public static double StoredFactor(int bits) => Math.ScaleB(1, bits);

    /// <inheritdoc/>
    public static double Exact(double square) => Math.Sqrt(square);

    /// <inheritdoc/>
    public static Vector512<float> Term(Vector512<float> square) => Vector512.Sqrt(square);

    /// <inheritdoc/>
    public static Vector512<float> Term(Vector512<float> square, out Vector512<float> slope)
    {
        Vector512<float> distance = Vector512.Sqrt(Vector512.Max(square, Vector512.Create(MinSquare)));
        slope = Vector512.Create(0.5f) / distance;
        return distance;
    }
}
