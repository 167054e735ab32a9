using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace FlatLearning.Onnx.Cli.Help;

/// <summary>The usual help text of a command, with examples after it.</summary>
internal sealed class ExampleHelpAction : SynchronousCommandLineAction
{
    private readonly SynchronousCommandLineAction _usual;

    private ExampleHelpAction(SynchronousCommandLineAction usual) => _usual = usual;

    /// <summary>Puts the action into the help option that the root shares with its commands.</summary>
    public static void Install(RootCommand root)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new ExampleHelpAction((SynchronousCommandLineAction)option.Action!);
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int status = _usual.Invoke(parseResult);
        Command command = parseResult.CommandResult.Command;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in Examples.Of(command is RootCommand ? string.Empty : command.Name))
        {
            output.WriteLine($"  {example}");
        }

        output.WriteLine();
        return status;
    }
}
