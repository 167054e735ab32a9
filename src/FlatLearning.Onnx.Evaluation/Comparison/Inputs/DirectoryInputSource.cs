using FlatLearning.Onnx.Numpy;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// A folder: of .npz archives, one after the other by name; or of .npy files, either one named after each input (and
/// perhaps labels.npy), or any number of them, one after the other by name, for a model with one input; or of ONNX test
/// data.
/// </summary>
/// <param name="folder">The folder.</param>
internal sealed class DirectoryInputSource(string folder) : InputSource
{
    /// <summary>Rows to a run where the model leaves their number open.</summary>
    public int Batch { get; init; } = ArrayInputSource.DefaultBatch;

    /// <inheritdoc/>
    internal override PreparedInputs Prepare(ModelRunner original)
    {
        ArgumentNullException.ThrowIfNull(original);
        string[] npz = Files("*.npz");
        string[] npy = Files("*.npy");
        if (npz.Length > 0)
        {
            return Join([.. npz.Select(path => new NpzInputSource(path) { Batch = Batch }.Prepare(original))]);
        }

        Dictionary<string, string> byName =
            npy.ToDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.Ordinal);
        if (npy.Length > 0 && (original.Inputs.Count != 1 || byName.ContainsKey(original.Inputs[0].Name)))
        {
            IEnumerable<string> wanted = original.Inputs.Select(input => input.Name).Append(ArraySamples.Labels);
            Dictionary<string, NpyArray> arrays = wanted.Where(byName.ContainsKey)
                .ToDictionary(name => name, name => NpyFile.Read(byName[name]), StringComparer.Ordinal);
            return new ArrayInputSource($"'{folder}'", arrays) { Batch = Batch, Limit = Limit }.Prepare(original);
        }

        if (npy.Length > 0)
        {
            return Join([.. npy.Select(path => new NpyInputSource(path) { Batch = Batch }.Prepare(original))]);
        }

        return Files("input_*.pb").Length > 0 || Directory.EnumerateDirectories(folder, "test_data_set_*").Any()
            ? new TestDataInputSource(folder) { Limit = Limit }.Prepare(original)
            : throw new UsageException(Messages.InputsEmptyFolder(folder));
    }

    private string[] Files(string pattern) =>
        [.. Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal)];

    private PreparedInputs Join(PreparedInputs[] parts) =>
        new(
            $"'{folder}'",
            UpToLimit(parts.SelectMany(part => part.Samples)),
            [.. parts.SelectMany(part => part.Notes)]);

    // Runs are not cut apart here: the last one may go a little over the limit.
    private IEnumerable<ComparisonSample> UpToLimit(IEnumerable<ComparisonSample> samples)
    {
        long taken = 0;
        foreach (ComparisonSample sample in samples)
        {
            if (taken >= (Limit ?? long.MaxValue))
            {
                yield break;
            }

            taken += sample.Count;
            yield return sample;
        }
    }
}
