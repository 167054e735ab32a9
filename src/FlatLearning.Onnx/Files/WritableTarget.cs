namespace FlatLearning.Onnx.Files;

/// <summary>Looks at where a file is to be written, before any work is done for it.</summary>
internal static class WritableTarget
{
    /// <summary>Finds out whether a file can be made in a target's folder, by making one and deleting it.</summary>
    /// <exception cref="OnnxModelException">It cannot.</exception>
    public static void Check(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFileSet.Probe(Path.GetFullPath(path));
    }
}
