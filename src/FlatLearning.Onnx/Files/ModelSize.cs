namespace FlatLearning.Onnx.Files;

/// <summary>Bytes of a model on the disk: its own file and its external data, whole files.</summary>
internal static class ModelSize
{
    /// <summary>Name of a file that a model is assumed to be saved as where nobody said so.</summary>
    internal const string UsualName = "model.flat.onnx";

    /// <summary>
    /// The model's own file (or the size of its message, for one in memory) and every file that its external data is
    /// in, each once. Files that are missing count nothing: reading their tensors is what fails.
    /// </summary>
    public static long Of(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        long own = model.FileBytes > 0 ? model.FileBytes : model.Proto.CalculateSize();
        return own + model.ExternalFiles
            .Where(file => model.Path is null || !FileIdentity.AreSame(file, model.Path))
            .Sum(SystemFile.LengthOf);
    }

    /// <summary>
    /// The bytes that <see cref="OnnxModelFile.Save"/> writes for the model, external data and its padding included.
    /// </summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="path">The file that it is to be saved as, whose name external tensors carry; null for a usual
    /// one.</param>
    /// <param name="options">How it is to be saved; null for the defaults.</param>
    public static long WhenSaved(OnnxModel model, string? path = null, SaveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        path ??= UsualName;
        return ModelPlacement.Of(model, path, options ?? new SaveOptions())
            .Measure(ModelWriter.SideName(path))
            .TotalBytes;
    }
}
