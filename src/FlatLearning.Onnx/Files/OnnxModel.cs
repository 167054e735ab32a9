using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Files;

/// <summary>
/// A model in memory together with the folder that its external data is relative to. External data is read when a
/// tensor is asked for, tensor by tensor, and never kept.
/// </summary>
public sealed class OnnxModel
{
    /// <summary>Wraps a message.</summary>
    /// <param name="proto">The model; not copied, the caller may go on editing it.</param>
    /// <param name="path">The file that it came from or null for a model built in memory, which then cannot have
    /// external data.</param>
    /// <param name="fileBytes">Bytes of that file without external data; 0 in memory.</param>
    public OnnxModel(ModelProto proto, string? path = null, long fileBytes = 0)
        : this(proto, path, fileBytes, path is null ? [] : Locations(proto))
    {
    }

    private OnnxModel(ModelProto proto, string? path, long fileBytes, IReadOnlySet<string> externalLocations)
    {
        ExternalLocations = externalLocations;
        Proto = proto;
        Path = path;
        FileBytes = fileBytes;
        External = path is null
            ? null
            : new ExternalDataFolder(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, path);
        Tensors = new TensorReader(External);
    }

    /// <summary>The model's message, unknown fields included.</summary>
    public ModelProto Proto { get; }

    /// <summary>The file that the model was loaded from, or null.</summary>
    public string? Path { get; }

    /// <summary>Bytes of the model's own file, external data not counted; 0 for a model built in memory.</summary>
    public long FileBytes { get; }

    /// <summary>The folder that external data is read from, or null for a model built in memory.</summary>
    internal ExternalDataFolder? External { get; }

    /// <summary>Reads the elements of this model's tensors, wherever they are stored.</summary>
    internal TensorReader Tensors { get; }

    /// <summary>
    /// A deep copy of the message beside the same folder: what a rewrite edits. Raw data is shared, being immutable.
    /// </summary>
    public OnnxModel Clone() => new(Proto.Clone(), Path, FileBytes, ExternalLocations) { HasRawText = HasRawText };

    /// <summary>
    /// Whether the file has names or other texts that are no UTF-8, which <see cref="Wire.RawText"/> stands for.
    /// </summary>
    internal bool HasRawText { get; init; }

    /// <summary>
    /// The files that the external data of the model is in, as it was loaded and whatever became of its tensors since:
    /// full paths with links resolved, each file once. Locations without a file are left out.
    /// </summary>
    internal IEnumerable<string> ExternalFiles => External is { } folder
        ? ExternalLocations.Select(folder.TryResolve).OfType<string>().Where(SystemFile.Exists).Distinct()
        : [];

    /// <summary>
    /// Whether some of its data is not in the model's folder but beside the file that the model is a link to.
    /// </summary>
    internal bool HasDataBesideItsFile => External?.IsBesideFile(ExternalFiles) == true;

    private IReadOnlySet<string> ExternalLocations { get; }

    private static HashSet<string> Locations(ModelProto proto) =>
    [
        .. ModelWalk.Tensors(proto)
            .Where(ExternalDataLocation.IsExternal)
            .SelectMany(tensor => tensor.ExternalData)
            .Where(
                entry => entry.Key == ExternalDataLocation.LocationKey
                    && entry.Value.Length > 0
                    && !entry.Value.Contains('\0', StringComparison.Ordinal))
            .Select(entry => entry.Value),
    ];
}
