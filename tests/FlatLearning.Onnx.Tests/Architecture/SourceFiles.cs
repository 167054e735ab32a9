using FlatLearning.Testing;

namespace FlatLearning.Onnx.Tests.Architecture;

/// <summary>C# files of the repository that are written by hand.</summary>
internal static class SourceFiles
{
    /// <summary>Paths from the repository's root, with slashes, of all files under some folders.</summary>
    public static IEnumerable<string> Under(params string[] folders) => folders
        .SelectMany(folder => Directory.EnumerateFiles(
            Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(Repository.Root, path).Replace(Path.DirectorySeparatorChar, '/'))
        .Where(path => !path.Split('/').Any(part => part is "obj" or "bin"));

    /// <summary>The text of one of these files.</summary>
    public static string Text(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));
}
