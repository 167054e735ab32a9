using System.CommandLine;
using FlatLearning.Onnx.Cli.Help;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary><c>flat-onnx completion</c>.</summary>
internal static class CompletionCommand
{
    /// <summary>Creates the verb.</summary>
    public static Command Create(TextWriter stdout)
    {
        Argument<string> shell = new Argument<string>("shell") { Description = "The shell to complete in." };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.Shells]);
        Command command = new("completion", "Prints a script that completes verbs and options in a shell.") { shell };
        command.SetAction(parsed =>
        {
            stdout.WriteLine(CompletionScripts.Of(parsed.GetRequiredValue(shell)));
            return ExitCode.Done;
        });
        return command;
    }
}
