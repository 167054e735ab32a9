using FlatLearning.Onnx.Numpy;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// Arrays by name, cut into runs along their first dimension; see <see cref="NpzInputSource"/> for the rules.
/// </summary>
/// <param name="source">Where they come from, in words that error texts can use.</param>
/// <param name="arrays">The arrays; one named "labels" holds the right answers.</param>
internal sealed class ArrayInputSource(string source, IReadOnlyDictionary<string, NpyArray> arrays) : InputSource
{
    /// <summary>Rows to a run where nothing else is said.</summary>
    public const int DefaultBatch = 16;

    /// <summary>Rows to a run where the model leaves their number open.</summary>
    public int Batch { get; init; } = DefaultBatch;

    /// <inheritdoc/>
    internal override PreparedInputs Prepare(ModelRunner original)
    {
        ArgumentNullException.ThrowIfNull(original);
        IReadOnlyList<Func<ComparisonSample>> runs = ArraySamples.Cut(source, arrays, original.Inputs, Batch, Limit);
        return new PreparedInputs(source, runs.Select(run => run()), []);
    }
}
