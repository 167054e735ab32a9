using System.CommandLine;
using System.Globalization;
using FlatLearning.Onnx.Cli.Output;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Inspection;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary><c>flat-onnx inspect</c>.</summary>
internal static class InspectCommand
{
    /// <summary>Creates the verb.</summary>
    public static Command Create(TextWriter stdout)
    {
        Argument<string> model = CommonOptions.Model("model.flat.onnx", "A converted model.");
        Option<bool> json = CommonOptions.Json();
        Option<bool> verbose = CommonOptions.Verbose("A stack trace with an error.");
        Command command =
            new("inspect", "Lists what is in a converted model, weight by weight.") { model, json, verbose };
        command.SetAction(parsed =>
        {
            InspectionReport report = ModelInspector.Inspect(parsed.GetRequiredValue(model));
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(stdout, report);
            }
            else
            {
                Write(stdout, report);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(TextWriter stdout, InspectionReport report)
    {
        TextTable table =
            new("weight", ">shape", "was", ">before", ">after", ">bits/weight", ">error", ">nodes", "stored as");
        foreach (WeightReport weight in report.Weights)
        {
            table.Add(
                weight.Name,
                string.Join('x', weight.Shape),
                weight.Dtype,
                ByteText.Format(weight.OriginalBytes),
                ByteText.Format(weight.StoredBytes),
                weight.BitsPerWeight.ToString("0.00", CultureInfo.InvariantCulture),
                weight.Error?.ToString("0.00000", CultureInfo.InvariantCulture) ?? "?",
                weight.Nodes.Count.ToString(CultureInfo.InvariantCulture),
                weight.Representation!);
        }

        table.Write(stdout);
        stdout.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Input}: {ByteText.Format(report.InputBytes)}, {report.Weights.Count} converted weights at "
                    + $"{report.BitsPerWeight:0.00} bits per weight"));
        stdout.Say(
            $"converted by flat-onnx {report.Tool ?? "?"} with {report.Options ?? "unknown options"}; storage "
                + $"{report.Storage}; operators "
                + $"{string.Join(", ", report.Operators.Select(item => $"{item.Key} x {item.Value}"))}");
        stdout.Say(
            report.Portable
                ? "runs with the library, and without it in any ONNX Runtime"
                : "runs only with the library registered");
    }
}
