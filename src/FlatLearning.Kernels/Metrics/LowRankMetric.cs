namespace FlatLearning.Kernels.Metrics;

/// <summary>A metric of numerically low rank by <see cref="FactoredMetric"/>.</summary>
internal sealed class LowRankMetric : MetricKernel, ICatalogued
{
    private LowRankMetric(MetricProduct metric, KernelRequest request)
        : base(metric, request)
    {
    }

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "low-rank-metric",
        InstructionSets.None,
        "any",
        "a metric other than dyn-l1 of low rank, alone or beside codes",
        "the metric as a product of two thin matrices, found when the kernel is created");

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request)
    {
        MetricProduct? metric = request.IsOnly ? FactoredMetric.TryCreate(request) : request.Metric as FactoredMetric;
        return metric is null ? null : new LowRankMetric(metric, request);
    }
}
