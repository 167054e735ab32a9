using System.CommandLine;
using System.CommandLine.Parsing;

namespace FlatLearning.Onnx.Cli;

/// <summary>Makes one sentence of what the parser found wrong: the cause, not each of its consequences.</summary>
internal static class UsageErrors
{
    /// <summary>The sentence for a command line that did not parse.</summary>
    public static string Sentence(ParseResult parsed, RootCommand root)
    {
        Command command = parsed.CommandResult.Command;
        string usage = ReferenceEquals(command, root) ? "flat-onnx" : $"flat-onnx {command.Name}";
        return CliTexts.WithUsage(Cause(parsed, root, ReferenceEquals(command, root)), usage);
    }

    private static string Cause(ParseResult parsed, RootCommand root, bool withoutVerb)
    {
        string[] verbs = [.. root.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name)];
        string? unmatched = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        if (parsed.UnmatchedTokens.FirstOrDefault(IsOption) is { } option)
        {
            return CliTexts.UnknownOption(option);
        }

        if (withoutVerb)
        {
            return unmatched is null ? CliTexts.NoVerb(verbs) : CliTexts.UnknownVerb(unmatched, verbs);
        }

        // Our own validators are the more exact; the parser's are about what is left over or missing because of it.
        ParseError error = parsed.Errors.FirstOrDefault(
            error => error.Message.StartsWith("FLAT", StringComparison.Ordinal)) ?? parsed.Errors[0];
        return error.Message.StartsWith("FLAT", StringComparison.Ordinal) ? error.Message
            : unmatched is not null ? CliTexts.TooManyArguments(unmatched)
            : CliTexts.Unparsed(error.Message);
    }

    /// <summary>Whether a word of the command line is meant as an option.</summary>
    public static bool IsOption(string token) => token.Length > 1 && token[0] == '-' && !char.IsAsciiDigit(token[1]);
}
