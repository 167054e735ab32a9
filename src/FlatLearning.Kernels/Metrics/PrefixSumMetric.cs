namespace FlatLearning.Kernels.Metrics;

/// <summary>dyn-l1 by <see cref="DistanceSums"/>.</summary>
internal sealed class PrefixSumMetric : MetricKernel, ICatalogued
{
    private PrefixSumMetric(MetricProduct metric, KernelRequest request)
        : base(metric, request)
    {
    }

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "dyn-l1-prefix-sums",
        InstructionSets.None,
        "as long as it takes fewer cycles than tiles",
        "dyn-l1 alone or beside codes",
        "inputs added up by the code of their row, prefix sums from both ends, looked up by the code of each column");

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request)
    {
        MetricProduct? metric = request.IsOnly ? DistanceSums.TryCreate(request) : request.Metric as DistanceSums;
        return metric is null ? null : new PrefixSumMetric(metric, request);
    }
}
