namespace FlatLearning.Dyn.Metrics;

/// <summary>
/// The DyN metric with Euclidean distances (Flat Learning, ICML 2023): beta + sum_h lambda[h] · ||p^h - q^h||_2 in
/// units of 2^s steps.
/// </summary>
public sealed class DynL2Metric : DistanceMetric
{
    /// <summary>
    /// Creates the metric. Throws <see cref="DynFormatException"/> when sizes disagree or an offset is not whole or too
    /// large.
    /// </summary>
    /// <param name="states">States with H·d coordinates, head by head, and a [1, H·d] range: the columns'
    /// offset.</param>
    /// <param name="parameters">lambda [H], beta.</param>
    /// <param name="heads">H.</param>
    public DynL2Metric(MetricStates states, ParameterTensor parameters, int heads)
        : base(states, parameters, heads, parametersPerHead: 1)
    {
    }

    /// <inheritdoc/>
    public override string Kind => MetricKinds.DynL2;

    /// <inheritdoc/>
    public override float Softening(int head) => 0;

    /// <inheritdoc/>
    private protected override double UnitFactor(int bits) => Math.ScaleB(1, -bits);

    /// <inheritdoc/>
    public override double Term(double square) => Math.Sqrt(square);
}
