namespace FlatLearning.Kernels.Metrics;

/// <summary>Chooses how a metric is applied: the cheapest way for the shape.</summary>
internal static class MetricProducts
{
    /// <summary>
    /// A dense copy of up to this many elements (1 MB in float32) is kept where nothing cheaper is found.
    /// </summary>
    public const long MaxDecoded = 1L << 18;

    // Below, a dense product takes microseconds, and no factor saves any.
    private const long MinFactored = 1L << 14;

    // Above, computing every element once takes many seconds while the session loads.
    private const long MaxFactored = 1L << 26;

    /// <summary>The way without the matrix; null where decoding, once or for each call, is cheaper.</summary>
    public static MetricProduct? TryCreate(KernelRequest request)
    {
        if (request.Cache.IsSmall)
        {
            return null;
        }

        if (DistanceSums.TryCreate(request) is { } sums)
        {
            return request.Elements > MaxDecoded || sums.ShareOfDense < 0.5 ? sums : null;
        }

        return request.Elements is >= MinFactored and <= MaxFactored ? FactoredMetric.TryCreate(request) : null;
    }
}
