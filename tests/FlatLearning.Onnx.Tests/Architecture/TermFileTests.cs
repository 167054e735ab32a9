using System.Text.RegularExpressions;
using FlatLearning.Dyn.Terms;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Tests.Architecture;

/// <summary>
/// Holds the number of files that name a kind of term, and the table of them in docs/architecture.md: a kind that more
/// and more files know is one that the next kind will have to be added beside.
/// </summary>
public sealed class TermFileTests
{
    private const int MaxFiles = 10;
    private const string Head = "| kind | files | named in |";

    [Fact]
    public void EveryKind_FilesOfItsName_AreTheTableOfTheArchitecture()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "architecture.md"));
        IEnumerable<string> table = lines
            .SkipWhile(line => line != Head)
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'));
        Assert.Equal(Kinds().Select(Row), table);
    }

    [Fact]
    public void EveryKind_FilesOfItsName_AreAtMostTen() => Assert.All(
        Kinds(),
        kind => Assert.True(Naming(kind).Count <= MaxFiles, $"{Row(kind)} is more than {MaxFiles} files."));

    [Fact]
    public void Kinds_OfTheRepresentation_AreFound() => Assert.Contains(nameof(UniformCodes), Kinds());

    private static IEnumerable<string> Kinds() => typeof(WeightTerm).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(WeightTerm)))
        .Select(type => type.Name)
        .Order(StringComparer.Ordinal);

    // Comments count: who refers to a kind in words knows it too.
    private static List<string> Naming(string kind)
    {
        Regex name = new($@"\b{kind}\b");
        return [
            .. SourceFiles.Under("src", "custom-ops")
                .Where(path => name.IsMatch(SourceFiles.Text(path)))
                .Order(StringComparer.Ordinal)];
    }

    private static string Row(string kind)
    {
        List<string> files = Naming(kind);
        IEnumerable<string> folders = files
            .GroupBy(path => Path.GetDirectoryName(path)!)
            .Select(group =>
                $"{Short(group.Key)}: {string.Join(", ", group.Select(Path.GetFileNameWithoutExtension))}");
        return $"| `{kind}` | {files.Count} | {string.Join("; ", folders)} |";
    }

    private static string Short(string folder) => folder
        .Replace(Path.DirectorySeparatorChar, '/')
        .Replace("src/FlatLearning.", string.Empty, StringComparison.Ordinal);
}
