namespace FlatLearning.Dyn.Metrics;

/// <summary>The DyN metric with L1 distances (Flat Learning, ICML 2023): sum_h lambda[h] · ||p^h - q^h||_1.</summary>
public sealed class DynL1Metric : Metric
{
    /// <summary>Creates the metric. Throws <see cref="DynFormatException"/> when sizes disagree.</summary>
    /// <param name="states">States with H·d coordinates, head by head, and a shared [2, H·d] range.</param>
    /// <param name="lambda">H weights.</param>
    public DynL1Metric(MetricStates states, ParameterTensor lambda)
        : base(states, lambda)
    {
        if (lambda.Values.Length is < 1 or > MaxHeads
            || states.Coordinates % lambda.Values.Length != 0
            || states.Range.Shape[0] != 2)
        {
            throw new DynFormatException(
                $"dyn-l1 with {lambda.Values.Length} heads needs a multiple of that many coordinates and a "
                    + $"state_range of [2, {states.Coordinates}], found {states.Coordinates} coordinates and "
                    + $"[{string.Join(", ", states.Range.Shape)}]");
        }

        if (StateDim > MaxStateDim)
        {
            throw new DynFormatException($"a head of dyn-l1 has at most {MaxStateDim} coordinates, found {StateDim}");
        }
    }

    /// <inheritdoc/>
    public override string Kind => MetricKinds.DynL1;

    /// <inheritdoc/>
    public override int StateDim => States.Coordinates / Heads;

    /// <inheritdoc/>
    public override int Heads => Parameters.Values.Length;

    /// <inheritdoc/>
    public override int Shifts => 0;

    /// <inheritdoc/>
    public override int Width => 0;

    /// <inheritdoc/>
    public override double Evaluate(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        double sum = 0;
        for (int h = 0; h < Heads; h++)
        {
            double distance = 0;
            for (int i = h * StateDim; i < (h + 1) * StateDim; i++)
            {
                distance += Math.Abs(p[i] - q[i]);
            }

            sum += Parameters.Values[h] * distance;
        }

        return sum;
    }
}
