namespace FlatLearning.Dyn.Metrics;

/// <summary>
/// The DyN metric with inverse Euclidean distances (Flat Learning, ICML 2023): beta + sum_h lambda[h] / sqrt(||p^h -
/// q^h||² + softening[h]), in units of 2^s steps. The published one has no softening and is infinite where quantised
/// states coincide.
/// </summary>
public sealed class DynInverseL2Metric : DistanceMetric
{
    /// <summary>
    /// Creates the metric. Throws <see cref="DynFormatException"/> when sizes disagree, or where an offset or a
    /// softening is not whole or out of range.
    /// </summary>
    /// <param name="states">States with H·d coordinates, head by head, and a [1, H·d] range: the columns'
    /// offset.</param>
    /// <param name="parameters">lambda [H], softening [H] (whole numbers, 1 or more), beta.</param>
    /// <param name="heads">H.</param>
    public DynInverseL2Metric(MetricStates states, ParameterTensor parameters, int heads)
        : base(states, parameters, heads, parametersPerHead: 2)
    {
        for (int h = 0; h < heads; h++)
        {
            float softening = Softening(h);
            Require(
                float.IsInteger(softening) && softening >= 1,
                $"the softening of head {h} of {Kind} is {softening}, expected a whole number of 1 or more");
        }
    }

    /// <inheritdoc/>
    public override string Kind => MetricKinds.DynInverseL2;

    /// <inheritdoc/>
    public override float Softening(int head) => Parameters.Values[Heads + head];

    /// <inheritdoc/>
    private protected override double UnitFactor(int bits) => Math.ScaleB(1, bits);

    /// <inheritdoc/>
    public override double Term(double square) => 1 / Math.Sqrt(square);
}
