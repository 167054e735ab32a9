using FlatLearning.Onnx.Numpy;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// An .npz archive with an array for each input, by name; the one array besides the labels may have any name where the
/// model has one input. Where an array is longer than its input's first dimension, or has one dimension more, its first
/// dimension counts samples: a run takes as many as the model's batch, or up to <see cref="Batch"/> where that is open.
/// Arrays of exactly the input's fixed shape go into every run. An array "labels" of as many rows holds the right
/// answers.
/// </summary>
/// <param name="path">The archive.</param>
internal sealed class NpzInputSource(string path) : InputSource
{
    /// <summary>Rows to a run where the model leaves their number open.</summary>
    public int Batch { get; init; } = ArrayInputSource.DefaultBatch;

    /// <inheritdoc/>
    internal override PreparedInputs Prepare(ModelRunner original)
    {
        NpzArchive archive = NpzFile.Read(path);
        Dictionary<string, NpyArray> arrays = new(archive.Arrays.DistinctBy(pair => pair.Key), StringComparer.Ordinal);
        PreparedInputs prepared =
            new ArrayInputSource($"'{path}'", arrays) { Batch = Batch, Limit = Limit }.Prepare(original);
        return prepared
            with {
                Notes = [
                    .. archive.Skipped.Select(
                        skipped =>
                            $"The array '{skipped.Key}' of '{path}' is of type {skipped.Value} and was left out.")] };
    }
}
