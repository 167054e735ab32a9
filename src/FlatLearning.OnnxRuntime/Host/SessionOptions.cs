namespace FlatLearning.OnnxRuntime;

/// <summary>
/// Settings of a session. A plain object: it is read when a session is created, may be reused, and holds no native
/// resource.
/// </summary>
public sealed class SessionOptions
{
    /// <summary>Threads that one operator may use, the calling one included; 0 leaves it to ONNX Runtime.</summary>
    public int IntraOpThreads { get; set; }

    /// <summary>Threads over operators; 0 leaves it to ONNX Runtime.</summary>
    public int InterOpThreads { get; set; }

    /// <summary>How far the graph is rewritten at load.</summary>
    public GraphOptimizationLevel GraphOptimization { get; set; } = GraphOptimizationLevel.All;

    /// <summary>Where to write the optimised graph, or null for nowhere.</summary>
    public string? OptimizedModelPath { get; set; }

    /// <summary>The least severity that this session logs.</summary>
    public OrtLogSeverity LogSeverity { get; set; } = OrtLogSeverity.Warning;

    /// <summary>Identifies the session in <see cref="OrtLogMessage.LogId"/>; null for none.</summary>
    public string? LogId { get; set; }

    /// <summary>Whether memory freed by the session goes back to the system at once instead of into an arena.</summary>
    public bool DisableMemoryArena { get; set; }

    /// <summary>Custom-operator libraries to register, in this order.</summary>
    public IList<string> CustomOpsLibraries { get; } = [];

    /// <summary>ONNX Runtime's free-form settings, key to value.</summary>
    public IDictionary<string, string> ConfigEntries { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Sizes for dimensions that the model names, name to size.</summary>
    public IDictionary<string, long> FreeDimensions { get; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Registers a custom-operator library with the sessions made from these settings.</summary>
    /// <param name="path">The shared library's file.</param>
    /// <returns>This object.</returns>
    public SessionOptions RegisterCustomOpsLibrary(string path)
    {
        CustomOpsLibraries.Add(path);
        return this;
    }
}
