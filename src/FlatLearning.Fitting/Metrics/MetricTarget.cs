using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics;

/// <summary>What a metric is fitted to.</summary>
/// <param name="Values">X, row-major [<paramref name="Rows"/>, <paramref name="Columns"/>]: finite values of any
/// magnitude.</param>
/// <param name="Rows">K, inputs; 1 or more.</param>
/// <param name="Columns">N, outputs; 1 or more.</param>
/// <param name="Hessian">H of the error tr(Eᵀ H E), E = X - metric.</param>
internal sealed record MetricTarget(ReadOnlyMemory<float> Values, int Rows, int Columns, Hessian Hessian)
{
    /// <summary>The threads of the fit; its result is the same for any number.</summary>
    public IWorkers Workers { get; init; } = ThreadWorkers.Single;
}
