using System.Text.RegularExpressions;

namespace FlatLearning.Onnx.Tests.Support;

/// <summary>What every text for users must be: one numbered sentence.</summary>
internal static partial class Sentences
{
    /// <summary>Checks an exception's text and that it names what it must name.</summary>
    public static void AssertOne(Exception exception, params string[] named) => AssertOne(exception.Message, named);

    /// <summary>Checks a text: FLAT number, one line, one full stop at the end, no runtime's own jargon.</summary>
    public static void AssertOne(string text, params string[] named)
    {
        Assert.Matches(Numbered(), text);
        Assert.DoesNotContain('\n', text);
        Assert.EndsWith(".", text);
        Assert.DoesNotContain("Exception", text);
        Assert.All(named, name => Assert.Contains(name, text));
    }

    [GeneratedRegex("^FLAT0[1-46]\\d\\d: ")]
    private static partial Regex Numbered();
}
