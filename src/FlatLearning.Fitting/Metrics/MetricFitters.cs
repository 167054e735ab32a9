using FlatLearning.Fitting.Metrics.Distances;
using FlatLearning.Fitting.Metrics.DynL1;

namespace FlatLearning.Fitting.Metrics;

/// <summary>The fitters of all metrics: the one list to extend.</summary>
public static class MetricFitters
{
    /// <summary>The fitter of a method; null where the method is not a metric alone.</summary>
    public static IMetricFitter? For(FitMethod method) => method switch
    {
        FitMethod.DynL1 => new DynL1Fitter(),
        FitMethod.DynL2 => new DynL2Fitter(),
        FitMethod.DynInverseL2 => new DynInverseL2Fitter(),
        _ => null,
    };
}
