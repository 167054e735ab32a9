using System.CommandLine;
using FlatLearning.Onnx.Cli.Output;
using FlatLearning.Onnx.CustomOps;

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
            string path = FlatLearningLibrary.Find() ?? throw new UsageException(
                CliTexts.LibraryMissing(FlatLearningLibrary.FileName, FlatLearningLibrary.RuntimeIdentifier));
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
