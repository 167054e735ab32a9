namespace FlatLearning.OnnxRuntime;

/// <summary>What a model file says of itself.</summary>
/// <param name="Producer">The tool that wrote it.</param>
/// <param name="GraphName">The name of its graph.</param>
/// <param name="Domain">The model's domain.</param>
/// <param name="Description">A description.</param>
/// <param name="Version">The model's own version number.</param>
/// <param name="Custom">The file's <c>metadata_props</c>.</param>
public sealed record ModelMetadata(
    string Producer, string GraphName, string Domain, string Description, long Version,
    IReadOnlyDictionary<string, string> Custom);
