namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// The least-squares problem of one item's state, everything else fixed, with the scratch of one thread.
/// </summary>
internal abstract class ItemWork(int coordinates)
{
    /// <summary>The item's number.</summary>
    public int Item { get; protected set; }

    /// <summary>JᵀMJ of <see cref="Linearise"/>, row-major [D, D]; the lower triangle counts.</summary>
    public double[] Gram { get; } = new double[coordinates * coordinates];

    /// <summary>JᵀMe of <see cref="Linearise"/>, [D]: half the gradient of the cost.</summary>
    public double[] Gradient { get; } = new double[coordinates];

    /// <summary>Scratch [D, D] for a step.</summary>
    public double[] Matrix { get; } = new double[coordinates * coordinates];

    /// <summary>Scratch [D] for a step.</summary>
    public double[] Vector { get; } = new double[coordinates];

    /// <summary>Scratch [D] for a step.</summary>
    public float[] Trial { get; } = new float[coordinates];

    /// <summary>Scratch [D] for a step.</summary>
    public float[] Best { get; } = new float[coordinates];

    /// <summary>eᵀMe at a state.</summary>
    public abstract double Cost(ReadOnlySpan<float> state);

    /// <summary>The cost at a state, with <see cref="Gram"/> and <see cref="Gradient"/>.</summary>
    public abstract double Linearise(ReadOnlySpan<float> state);

    /// <summary>The mean of the diagonal of <see cref="Gram"/>.</summary>
    public double MeanCurvature()
    {
        double trace = 0;
        for (int i = 0; i < Gradient.Length; i++)
        {
            trace += Gram[(i * Gradient.Length) + i];
        }

        return trace / Gradient.Length;
    }
}
