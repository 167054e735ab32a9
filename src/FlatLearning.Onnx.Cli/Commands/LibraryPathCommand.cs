using System.CommandLine;
using FlatLearning.Onnx.Cli.Output;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary><c>flat-onnx library-path</c>.</summary>
internal static class LibraryPathCommand
{
    /// <summary>Creates the verb.</summary>
    public static Command Create(TextWriter stdout)
    {
        Option<bool> json = CommonOptions.Json();
        Command command = new("library-path", "Prints where the custom-operator library is.") { json };
        command.SetAction(parsed =>
        {
            string path = CustomOpsLibrary.Path;
            if (!File.Exists(path))
            {
                throw new UsageException(CliTexts.LibraryMissing(path));
            }

            if (parsed.GetValue(json))
            {
                JsonOutput.Write(stdout, new { Path = path });
            }
            else
            {
                stdout.WriteLine(path);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
