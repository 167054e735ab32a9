using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Dyn.Decoding;

/// <summary>
/// dyn-l2 and dyn-inverse-l2, prepared: codes as they are, so that squared distances are exact and a head costs two
/// operations a coordinate, a root and a product or quotient.
/// </summary>
internal static class DistanceTable
{
    /// <summary>Prepares a metric: unpacks its states.</summary>
    public static MetricTable Create(DistanceMetric metric, int groupWidth)
    {
        MetricTerms terms = StateCodes.Terms(metric.States, groupWidth);
        return metric is DynL2Metric
            ? new MetricTable<DynL2Terms>(terms, new DynL2Terms(metric))
            : new MetricTable<DynInverseL2Terms>(terms, new DynInverseL2Terms(metric));
    }
}
