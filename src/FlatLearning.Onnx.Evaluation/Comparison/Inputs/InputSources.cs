namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>Finds the source that a path on the command line stands for.</summary>
public static class InputSources
{
    /// <summary>The source for an .npz or .npy file or a folder.</summary>
    /// <param name="path">The path.</param>
    /// <param name="limit">The most samples; null for all.</param>
    /// <param name="batch">Rows to a run where the model leaves their number open.</param>
    /// <exception cref="UsageException">There is nothing there, or nothing that can be read as inputs.</exception>
    public static InputSource Open(string path, int? limit = null, int batch = ArrayInputSource.DefaultBatch)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            _ when Directory.Exists(path) => new DirectoryInputSource(path) { Limit = limit, Batch = batch },
            _ when !File.Exists(path) => throw new UsageException(Messages.InputsMissing(path)),
            ".npz" => new NpzInputSource(path) { Limit = limit, Batch = batch },
            ".npy" => new NpyInputSource(path) { Limit = limit, Batch = batch },
            _ => throw new UsageException(Messages.InputsUnknownKind(path)),
        };
    }
}
