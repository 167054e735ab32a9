namespace FlatLearning.Onnx.Tests.Support;

/// <summary>A folder of a test's own, deleted with all that is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("flat-onnx-test-").FullName;

    /// <summary>The full path of a file in the folder.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>The names of everything in the folder, sorted.</summary>
    public string[] Names =>
        [.. Directory.EnumerateFileSystemEntries(Path)
            .Select(path => System.IO.Path.GetFileName(path))
            .Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
