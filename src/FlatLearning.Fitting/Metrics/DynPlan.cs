using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Gradients;
using FlatLearning.Fitting.Metrics.Distances;
using FlatLearning.Fitting.Metrics.DynL1;

namespace FlatLearning.Fitting.Metrics;

/// <summary>A DyN metric (ICML 2023): distances between states, in heads.</summary>
/// <param name="Kind"><see cref="MetricKinds.DynL1"/>, <see cref="MetricKinds.DynL2"/> or
/// <see cref="MetricKinds.DynInverseL2"/>.</param>
public sealed record DynPlan(string Kind) : MetricPlan
{
    /// <inheritdoc/>
    public override string Kind { get; } = Kind;

    /// <summary>H, heads.</summary>
    public int Heads { get; init; } = 2;

    internal override string Structure => $"{Kind} {StateBits} {StateDim} {Heads}";

    internal override int Coordinates => StateDim * Heads;

    internal override int MaxStateDim => Math.Min(Metric.MaxStateDim, Metric.MaxCoordinates / Heads);

    private protected override int RangeRows => 2;

    private protected override long Parameters => 2L * Heads;

    /// <inheritdoc/>
    internal override MetricFit FitMetric(
        MetricTarget target, FitOptions options, IProgress<double>? progress = null,
        CancellationToken cancellation = default) => Kind switch
    {
        MetricKinds.DynL1 => DynL1Fitter.Fit(target, this, options, progress, cancellation),
        MetricKinds.DynL2 => DistanceFitter<L2Kernel>.Fit(target, this, options, progress, cancellation),
        _ => DistanceFitter<InverseL2Kernel>.Fit(target, this, options, progress, cancellation),
    };

    /// <inheritdoc/>
    internal override IReadOnlyList<GradientReport> CheckGradients(MetricTarget target, FitOptions options) =>
        Kind switch
        {
            // Absolute differences are solved level by level, without derivatives.
            MetricKinds.DynL1 => [],
            MetricKinds.DynL2 => DistanceFitter<L2Kernel>.CheckGradients(target, this, options),
            _ => DistanceFitter<InverseL2Kernel>.CheckGradients(target, this, options),
        };

    internal override MetricPlan Sized(int d) => this with { StateDim = (d + 1) / 2, Heads = 2 };

    internal override double Bytes(int rows, int columns) =>
        ((double)(rows + columns) * Coordinates * StateBits / 8) + (4.0 * Coordinates) + (2.0 * Heads);

    internal override void Validate()
    {
        base.Validate();
        Require(
            Kind is MetricKinds.DynL1 or MetricKinds.DynL2 or MetricKinds.DynInverseL2,
            $"the metric is '{Kind}', expected {MetricKinds.DynL1}, {MetricKinds.DynL2} or {MetricKinds.DynInverseL2}");
        RequireSize(Heads, "heads");
    }
}
