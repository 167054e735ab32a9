using FlatLearning.Dyn;
using FlatLearning.Dyn.Entropy;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Fitting.Entropy;

/// <summary>Entropy-coded codes at a step.</summary>
/// <param name="Metric">The metric in front of the codes, already fitted, or null.</param>
/// <param name="Step">The step of H = I, in units of the weight.</param>
internal sealed record MeasuredEntropyCodes(Metric? Metric, double Step) : MeasuredPlan
{
    /// <inheritdoc/>
    public override WeightPlan Plan => EntropyCodesPlan.AtStep(Step) with
    {
        Metric = Metric is null ? null : MetricPlans.Of(Metric.Kind),
    };

    /// <inheritdoc/>
    public override string Structure => Metric is null ? "entropy" : "entropy behind a metric";

    /// <inheritdoc/>
    public override bool IsCoded => true;

    /// <inheritdoc/>
    public override FitResult Fit(
        MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        FitResult coded = EntropyFitter.FitAt(target, Metric, Step, cancellation);
        progress?.Report(1);
        return coded;
    }

    /// <inheritdoc/>
    public override DynWeight Skeleton(int rows, int columns, long bytes) =>
        EntropyFitter.Weight(EntropyWriter.Blank(rows, columns, bytes - (Metric?.ByteLength ?? 0)), Metric);
}
