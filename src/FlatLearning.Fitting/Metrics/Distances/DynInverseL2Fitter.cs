using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>Fits <see cref="DynInverseL2Metric"/>.</summary>
internal sealed class DynInverseL2Fitter : DistanceFitter<InverseL2Kernel>
{
    /// <inheritdoc/>
    public override string Name => MetricKinds.DynInverseL2;
}
