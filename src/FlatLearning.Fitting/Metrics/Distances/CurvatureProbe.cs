namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// Leaves states as they are and notes what moving them costs: the trace of JᵀMJ over each head, [items, H].
/// </summary>
internal sealed class CurvatureProbe(int items, int heads) : IItemStep
{
    /// <summary>[items, H].</summary>
    public double[] Curvature { get; } = new double[items * heads];

    /// <summary>Sums over all rows, each with its weight: [H].</summary>
    public double[] OfHeads(Hessian weight)
    {
        double[] sums = new double[heads];
        for (int i = 0; i < Curvature.Length; i++)
        {
            sums[i % heads] += weight.At(i / heads) * Curvature[i];
        }

        return sums;
    }

    /// <inheritdoc/>
    public void Run(ItemWork work, Span<float> state, ref double damping)
    {
        _ = work.Linearise(state);
        for (int i = 0; i < state.Length; i++)
        {
            Curvature[(work.Item * heads) + (i * heads / state.Length)] += work.Gram[(i * state.Length) + i];
        }
    }
}
