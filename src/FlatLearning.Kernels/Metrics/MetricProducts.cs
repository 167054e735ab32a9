using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Kernels.Metrics;

/// <summary>Chooses how a metric is applied: the cheapest way for the shape.</summary>
internal static class MetricProducts
{
    /// <summary>
    /// A dense copy of up to this many elements (1 MB in float32) is kept where nothing cheaper is found.
    /// </summary>
    public const long MaxKept = 1L << 18;

    // Below, a dense product takes microseconds, and no factor saves any.
    private const long MinFactored = 1L << 14;

    // Above, computing every element once takes many seconds while the session loads.
    private const long MaxFactored = 1L << 26;

    /// <summary>The way without the matrix; null where decoding, once or for each call, is cheaper.</summary>
    public static MetricProduct? TryCreate(DynWeight weight, WeightDecoder decoder)
    {
        if (weight.Metric is null)
        {
            return null;
        }

        long elements = (long)weight.Rows * weight.Columns;
        if (weight.Metric is DynL1Metric l1)
        {
            DistanceSums sums = new(l1);
            return elements > MaxKept || sums.ShareOfDense < 0.5 ? sums : null;
        }

        return elements is >= MinFactored and <= MaxFactored && MetricFactors.TryCreate(decoder) is { } factors
            ? new FactoredMetric(factors, weight.Rows, weight.Columns)
            : null;
    }
}
