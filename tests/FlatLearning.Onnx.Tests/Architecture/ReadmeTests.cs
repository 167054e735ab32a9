using System.Text.RegularExpressions;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Tests.Architecture;

/// <summary>The README stays one page, and what it and the other documents point at is there.</summary>
public sealed partial class ReadmeTests
{
    private const int MaxLines = 150;

    [Fact]
    public void Readme_Length_IsOnePage() =>
        Assert.InRange(File.ReadAllLines(Path.Combine(Repository.Root, "README.md")).Length, 40, MaxLines);

    [Fact]
    public void Documents_Links_LeadToFilesThatAreThere()
    {
        string[] documents =
        [
            Path.Combine(Repository.Root, "README.md"),
            .. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories),
            .. Directory.GetFiles(Path.Combine(Repository.Root, "schemas"), "*.md"),
        ];
        (string Document, string Target)[] links = [.. documents.SelectMany(Links)];
        Assert.True(links.Length > 20, $"only {links.Length} links were found");
        Assert.All(links, link => Assert.True(Exists(link.Document, link.Target), $"{link.Document}: {link.Target}"));
    }

    private static IEnumerable<(string Document, string Target)> Links(string document) =>
        Link().Matches(File.ReadAllText(document))
            .Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && target[0] != '#')
            .Select(target => (document, target.Split('#')[0]));

    private static bool Exists(string document, string target) =>
        Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, target));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
