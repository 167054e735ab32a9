using FlatLearning.Testing;

namespace FlatLearning.Onnx.Tests.Architecture;

/// <summary>Holds every C# file of the repository to the line length of .editorconfig.</summary>
public sealed class LineLengthTests
{
    private const int MaxLength = 120;

    [Fact]
    public void EveryFile_Lines_HaveAtMostTheLengthOfEditorConfig()
    {
        Assert.Contains(
            $"max_line_length = {MaxLength}", File.ReadAllText(Path.Combine(Repository.Root, ".editorconfig")));
        List<string> files = [.. SourceFiles.Under("src", "custom-ops", "tests", "benchmarks")];
        Assert.True(files.Count > 500, $"only {files.Count} files were found");
        Assert.Empty(files.SelectMany(TooLong));
    }

    private static IEnumerable<string> TooLong(string path) =>
        File.ReadLines(Path.Combine(Repository.Root, path))
            .Select((line, index) => (line.Length, Number: index + 1))
            .Where(line => line.Length > MaxLength)
            .Select(line => $"{path}:{line.Number} has {line.Length}");
}
