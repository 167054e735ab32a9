namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>Where the inputs of a comparison come from.</summary>
public abstract class InputSource
{
    private protected InputSource()
    {
    }

    /// <summary>
    /// The most samples to use; null for all that a file has, and for the source's default where it makes them up.
    /// </summary>
    public int? Limit { get; init; }

    /// <summary>Matches the source to a model and checks that it fits.</summary>
    /// <param name="original">The original model; a source may run it to see what it accepts.</param>
    /// <exception cref="Files.OnnxModelException">The source cannot be read.</exception>
    /// <exception cref="UsageException">The source does not fit the model's inputs.</exception>
    internal abstract PreparedInputs Prepare(ModelRunner original);
}
