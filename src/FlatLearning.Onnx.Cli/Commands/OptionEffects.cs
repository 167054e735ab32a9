using System.CommandLine;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary>Refuses options that would change nothing: whoever gives one expects something of it.</summary>
internal static class OptionEffects
{
    /// <summary>Refuses an option that was given, where it has no effect.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The option.</param>
    /// <param name="isIdle">Whether it has no effect beside the others.</param>
    /// <param name="because">Why not, as a clause that names the other option.</param>
    /// <exception cref="UsageException">It was given, and has none.</exception>
    public static void RefuseWhere(this ParseResult parsed, Option option, bool isIdle, string because)
    {
        if (isIdle && parsed.GetResult(option) is { Implicit: false })
        {
            throw new UsageException(CliTexts.NoEffect(option.Name, because));
        }
    }
}
