using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>Fits <see cref="DynL2Metric"/>.</summary>
internal sealed class DynL2Fitter : DistanceFitter<L2Kernel>
{
    /// <inheritdoc/>
    public override string Name => MetricKinds.DynL2;
}
