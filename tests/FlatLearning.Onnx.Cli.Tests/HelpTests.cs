using FlatLearning.Onnx.Cli.Tests.Support;

namespace FlatLearning.Onnx.Cli.Tests;

public sealed class HelpTests
{
    private static readonly string[] Names = [
        "convert", "compare", "bench", "inspect", "restore", "fit", "library-path", "completion"];

    public static TheoryData<string> Verbs => [.. Names];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_OfEveryVerb_HasAnExampleOfThatVerb(string verb)
    {
        CliResult result = (await Tool.RunAsync(verb, "--help")).AssertDone();
        string examples = result.Out[result.Out.IndexOf("Examples:", StringComparison.Ordinal)..];
        Assert.Contains($"flat-onnx {verb}", examples, StringComparison.Ordinal);
        Assert.Contains("Usage:", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_OfTheTool_NamesEveryVerbAndExamples()
    {
        CliResult result = (await Tool.RunAsync("--help")).AssertDone();
        Assert.All(Names, verb => Assert.Contains($"\n  {verb} ", result.Out, StringComparison.Ordinal));
        Assert.Contains("Examples:", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("convert")]
    [InlineData("compare")]
    [InlineData("bench")]
    public async Task Help_Examples_NameOptionsThatExist(string verb)
    {
        CliResult result = (await Tool.RunAsync(verb, "--help")).AssertDone();
        int start = result.Out.IndexOf("Examples:", StringComparison.Ordinal);
        string[] used = [
            .. result.Out[start..].Split([' ', '\n'])
                .Where(word => word.StartsWith("--", StringComparison.Ordinal))
                .Distinct()];
        Assert.NotEmpty(used);
        Assert.All(used, option => Assert.Contains(option, result.Out[..start], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_AndErrors_DoNotNameTheWorker()
    {
        Assert.DoesNotContain(
            "  worker", (await Tool.RunAsync("--help")).AssertDone().Out, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "worker", (await Tool.RunAsync("none")).AssertRefused().Error, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "worker",
            (await Tool.RunAsync("[suggest:13]", "flat-onnx wor")).AssertDone().Out,
            StringComparison.Ordinal);
        (await Tool.RunAsync("worker", "--help")).AssertDone();
    }

    [Fact]
    public async Task Version_IsANumberAlone()
    {
        CliResult result = (await Tool.RunAsync("--version")).AssertDone();
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", result.Out);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("powershell")]
    public async Task Completion_OfAShell_AsksTheTool(string shell)
    {
        CliResult result = (await Tool.RunAsync("completion", shell)).AssertDone();
        Assert.Contains("[suggest:", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suggest_BeginningOfAnOption_CompletesIt()
    {
        CliResult result = (await Tool.RunAsync("[suggest:26]", "flat-onnx convert m --over")).AssertDone();
        Assert.Contains("--overwrite", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LibraryPath_BuiltLibrary_IsAnExistingFileAndNothingElse()
    {
        CliResult result = (await Tool.RunAsync("library-path")).AssertDone();
        Assert.True(File.Exists(result.Out.TrimEnd('\n')), result.Out);
        Assert.Equal(
            result.Out.TrimEnd('\n'),
            (await Tool.RunAsync("library-path", "--json")).AssertDone().Json.GetProperty("path").GetString());
    }
}
