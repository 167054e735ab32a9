namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>sum over the coordinates of ridge · (state - centre)², for every item of one side.</summary>
/// <param name="Centre">[D].</param>
/// <param name="Ridge">[D].</param>
internal sealed record SidePrior(double[] Centre, double[] Ridge)
{
    /// <summary>For one state.</summary>
    public double Energy(ReadOnlySpan<float> state)
    {
        double sum = 0;
        for (int i = 0; i < state.Length; i++)
        {
            sum += Ridge[i] * (state[i] - Centre[i]) * (state[i] - Centre[i]);
        }

        return sum;
    }

    /// <summary>For one head of all states.</summary>
    public double Energy(float[] states, int head, int stateDim)
    {
        double sum = 0;
        for (int at = 0; at < states.Length; at += Centre.Length)
        {
            for (int i = head * stateDim; i < (head + 1) * stateDim; i++)
            {
                sum += Ridge[i] * (states[at + i] - Centre[i]) * (states[at + i] - Centre[i]);
            }
        }

        return sum;
    }
}
