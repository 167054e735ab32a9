using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Gradients;
using FlatLearning.Fitting.Metrics.Riem;

namespace FlatLearning.Fitting.Metrics;

/// <summary>The RieM metric (ICML 2024).</summary>
public sealed record RiemPlan : MetricPlan
{
    private const int MaxSizedShifts = 4;
    private const int MinFeatures = 3;

    /// <inheritdoc/>
    public override string Kind => MetricKinds.Riem;

    /// <summary>R, cyclic shifts.</summary>
    public int Shifts { get; init; } = 6;

    /// <summary>M, features per shift.</summary>
    public int Width { get; init; } = 14;

    internal override string Structure => $"{Kind} {StateBits} {StateDim} {Shifts} {Width}";

    internal override int Coordinates => StateDim;

    internal override int MaxStateDim => Metric.MaxStateDim;

    private protected override int RangeRows => 4;

    private protected override long Parameters =>
        RiemMetric.ParameterCount(StateDim, Math.Min(Shifts, StateDim), Width);

    /// <inheritdoc/>
    internal override MetricFit FitMetric(
        MetricTarget target, FitOptions options, IProgress<double>? progress = null,
        CancellationToken cancellation = default) =>
        RiemFitter.Fit(target, this, options, progress, null, cancellation);

    /// <inheritdoc/>
    internal override IReadOnlyList<GradientReport> CheckGradients(MetricTarget target, FitOptions options) =>
        RiemGradientCheck.Run(target, this, options);

    internal override MetricPlan Sized(int d)
    {
        int shifts = Math.Min(MaxSizedShifts, d);
        return this with
        {
            StateDim = d,
            Shifts = shifts,
            Width = Math.Max(MinFeatures, ((3 * d / 2) + shifts - 1) / shifts),
        };
    }

    internal override double Bytes(int rows, int columns) =>
        ((double)(rows + columns) * StateDim * StateBits / 8) + (8.0 * StateDim) + (2.0 * Parameters);

    internal override void Validate()
    {
        base.Validate();
        RequireSize(Shifts, "shifts");
        RequireSize(Width, "width");
    }
}
