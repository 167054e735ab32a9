using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Fitting.Sparse;

/// <summary>Sparse elements as they will be stored.</summary>
/// <param name="Elements">The elements.</param>
/// <param name="Sparse">Their share.</param>
internal sealed record MeasuredSparse(SparseElements Elements, SparsePlan Sparse) : MeasuredPlan
{
    /// <inheritdoc/>
    public override WeightPlan Plan => Sparse;

    /// <inheritdoc/>
    public override string Structure => "sparse";

    /// <inheritdoc/>
    public override FitResult Fit(
        MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation) =>
        SparsePlan.Fit(target, Elements);

    /// <inheritdoc/>
    public override DynWeight Skeleton(int rows, int columns, long bytes) => SparsePlan.Weight(Elements);
}
