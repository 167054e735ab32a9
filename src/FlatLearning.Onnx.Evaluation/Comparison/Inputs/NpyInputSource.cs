using FlatLearning.Onnx.Numpy;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>One .npy array for a model with one input; cut into runs as in <see cref="NpzInputSource"/>.</summary>
/// <param name="path">The file.</param>
internal sealed class NpyInputSource(string path) : InputSource
{
    /// <summary>Rows to a run where the model leaves their number open.</summary>
    public int Batch { get; init; } = ArrayInputSource.DefaultBatch;

    /// <inheritdoc/>
    internal override PreparedInputs Prepare(ModelRunner original)
    {
        ArgumentNullException.ThrowIfNull(original);
        if (original.Inputs.Count != 1)
        {
            throw new UsageException(
                Messages.InputsAmbiguous(
                    $"'{path}'", string.Join(", ", original.Inputs.Select(input => $"'{input.Name}'"))));
        }

        Dictionary<string, NpyArray> arrays = new() { [original.Inputs[0].Name] = NpyFile.Read(path) };
        return new ArrayInputSource($"'{path}'", arrays) { Batch = Batch, Limit = Limit }.Prepare(original);
    }
}
