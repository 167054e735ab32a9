using FlatLearning.Fitting.Metrics.Distances;
using FlatLearning.Fitting.Metrics.DynL1;
using FlatLearning.Fitting.Metrics.Riem;

namespace FlatLearning.Fitting.Metrics;

/// <summary>The fitters of all metrics: the one list to extend.</summary>
public static class MetricFitters
{
    /// <summary>The methods that are metrics.</summary>
    public static IReadOnlyList<FitMethod> Methods { get; } = [
        .. Enum.GetValues<FitMethod>().Where(method => For(method) is not null)];

    /// <summary>The fitter of a method; null where the method is not a metric alone.</summary>
    public static IMetricFitter? For(FitMethod method) => method switch
    {
        FitMethod.Riem => new RiemFitter(),
        FitMethod.DynL1 => new DynL1Fitter(),
        FitMethod.DynL2 => new DynL2Fitter(),
        FitMethod.DynInverseL2 => new DynInverseL2Fitter(),
        _ => null,
    };
}
