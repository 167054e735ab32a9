using FlatLearning.Testing;

namespace FlatLearning.Packages.Tests.Api;

/// <summary>What the documentation shows is what is compiled and run.</summary>
public sealed class ReadmeTests
{
    private const string Start = "```csharp\n";

    [Fact]
    public void Example_OfTheApiPackage_IsTheQuickstart()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "src", "FlatLearning.Onnx.Api", "README.md"));
        int first = readme.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        string shown = readme[first..readme.IndexOf("```", first, StringComparison.Ordinal)];
        string program = File.ReadAllText(Path.Combine(Repository.Root, "examples", "Quickstart", "Program.cs"));

        Assert.Equal(program, shown);
    }
}
