using System.CommandLine;
using FlatLearning.Onnx.Cli.Output;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Restoring;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary><c>flat-onnx restore</c>.</summary>
internal static class RestoreCommand
{
    /// <summary>Creates the verb.</summary>
    public static Command Create(TextWriter stdout, TextWriter stderr)
    {
        Argument<string> model = CommonOptions.Model("model.flat.onnx", "A converted model.");
        Option<string?> output =
            CommonOptions.Output("The file to write; model.restored.onnx beside the input by default.");
        Option<bool> overwrite = CommonOptions.Overwrite();
        Option<bool> json = CommonOptions.Json();
        Option<bool> verbose = CommonOptions.Verbose("A stack trace with an error.");
        Command command = new("restore", "Writes plain ONNX with the decoded, dense weights.")
        {
            model, output, overwrite, json, verbose,
        };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                string input = parsed.GetRequiredValue(model);
                string target = parsed.GetValue(output) ?? DefaultPaths.Restored(input);
                SaveOptions save =
                    new() { Existing = parsed.GetValue(overwrite) ? ExistingFile.Replace : ExistingFile.Refuse };
                OutputTarget.Check(
                    target,
                    parsed.GetValue(overwrite) ? ExistingTarget.Replace : ExistingTarget.Refuse,
                    output.Name,
                    input);
                OnnxModel converted = OnnxModelFile.Load(input);
                OnnxModelFile.CheckTarget(converted, target, save);
                long before = ModelSize.Of(converted);
                SaveResult saved = OnnxModelFile.Save(ModelRestorer.Restore(converted), target, save, cancellation);
                long after = saved.TotalBytes;
                if (saved.LeftBeside is { } left)
                {
                    stderr.WriteLine($"flat-onnx: note: {SentenceText.OneLine(CliTexts.LeftBeside(target, left))}");
                }

                if (parsed.GetValue(json))
                {
                    JsonOutput.Write(
                        stdout, new { Input = input, Output = target, InputBytes = before, OutputBytes = after });
                }
                else
                {
                    stdout.Say(
                        $"wrote {target}: {ByteText.Format(before)} -> {ByteText.Format(after)}, plain ONNX with "
                            + "the decoded weights");
                }

                return ExitCode.Done;
            },
            cancellation));
        return command;
    }
}
