using System.Text.Json;
using System.Text.RegularExpressions;

namespace FlatLearning.Onnx.Cli.Tests.Support;

/// <summary>What a run of the tool gave back.</summary>
internal sealed partial record CliResult(int Status, string Out, string Error)
{
    /// <summary>stderr, line by line, without <see cref="ProgressLines"/>.</summary>
    public string[] ErrorLines => [.. Lines.Where(line => !Progress().IsMatch(line))];

    /// <summary>Lines on how far the work is: there are some wherever a machine is too busy to be quick.</summary>
    public string[] ProgressLines => [.. Lines.Where(line => Progress().IsMatch(line))];

    private string[] Lines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>stdout as the one JSON object that it must be.</summary>
    public JsonElement Json
    {
        get
        {
            using JsonDocument document = JsonDocument.Parse(Out);
            Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
            return document.RootElement.Clone();
        }
    }

    /// <summary>Checks for status 2 and one sentence, and that it names what it must name.</summary>
    public CliResult AssertRefused(params string[] named)
    {
        Assert.True(Status == 2, $"status {Status}: {Error}");
        return AssertSentence(named);
    }

    /// <summary>
    /// Checks that stderr is one line: the tool's name and one sentence without a runtime's own jargon.
    /// </summary>
    public CliResult AssertSentence(params string[] named)
    {
        string line = Assert.Single(ErrorLines);
        Assert.StartsWith("flat-onnx: ", line, StringComparison.Ordinal);
        Assert.EndsWith(".", line, StringComparison.Ordinal);
        Assert.DoesNotContain("..'", line, StringComparison.Ordinal);
        Assert.DoesNotMatch("[a-z]Exception", line);
        Assert.DoesNotContain(line, character => char.IsControl(character));
        Assert.All(named, name => Assert.Contains(name, line, StringComparison.Ordinal));
        return this;
    }

    /// <summary>Checks for a status, whatever is said on stderr.</summary>
    public CliResult AssertStatus(int status)
    {
        Assert.True(Status == status, $"status {Status}: {Error}");
        return this;
    }

    /// <summary>Checks for status 0 and nothing on stderr.</summary>
    public CliResult AssertDone()
    {
        Assert.True(Status == 0, $"status {Status}: {Error}");
        Assert.Empty(ErrorLines);
        return this;
    }

    [GeneratedRegex("^(fitting|measuring): [0-9]+ % after [0-9]+ s$")]
    private static partial Regex Progress();
}
