using System.Globalization;
using FlatLearning.Onnx.Evaluation.Comparison;

namespace FlatLearning.Onnx.Cli.Output;

/// <summary>The text that <c>compare</c> prints.</summary>
internal static class ComparisonSummary
{
    /// <summary>Writes a report.</summary>
    public static void Write(TextWriter stdout, ComparisonReport report)
    {
        foreach (string note in report.Notes)
        {
            stdout.Say($"note: {note}");
        }

        WriteOutputs(stdout, report.Outputs);
        if (report.Expected.Count > 0)
        {
            stdout.Say("against the expected outputs of the test data:");
            WriteOutputs(stdout, report.Expected);
        }

        if (report.Rounding is { } rounding)
        {
            stdout.Say(
                "of that, rounded activations alone (the converted model with them against itself without):");
            WriteOutputs(stdout, rounding);
        }

        if (report.Task is { } task)
        {
            stdout.Say(
                $"{task.Metric} of '{task.Output}' on {task.Samples} labels: original "
                + $"{Number(task.Original, "0.00000")}, converted {Number(task.Converted, "0.00000")}"
                + (task.NllOriginal is null
                    ? string.Empty
                    : $"; NLL {Number(task.NllOriginal, "0.00000")} and {Number(task.NllConverted, "0.00000")}"));
        }

        if (report.Layers.Count > 0)
        {
            TextTable layers = new("layer", "operator", ">relative L2", ">SNR dB");
            foreach (LayerReport layer in report.Layers)
            {
                layers.Add(layer.Name, layer.OpType, Number(layer.RelativeL2, "0.0e+00"), Number(layer.SnrDb, "0.0"));
            }

            layers.Write(stdout);
        }

        stdout.Say(
            $"{report.Samples} samples of {report.Inputs}"
                + (report.Activations is { } activations ? $"; flat.activations={activations}" : string.Empty));
    }

    /// <summary>Writes one line per output.</summary>
    public static void WriteOutputs(TextWriter stdout, IReadOnlyList<OutputReport> outputs)
    {
        TextTable table =
            new("output", ">SNR dB", ">relative L2", ">max abs", ">mean abs", ">cosine", ">top-1 same", ">KL");
        foreach (OutputReport output in outputs)
        {
            table.Add(
                output.Name,
                output.Identical ? "identical" : Number(output.SnrDb, "0.0"),
                Number(output.RelativeL2, "0.0e+00"),
                Number(output.MaxAbs, "0.0e+00"),
                Number(output.MeanAbs, "0.0e+00"),
                Number(output.Cosine, "0.000000"),
                Number(output.Top1Agreement, "0.000"),
                Number(output.Kl, "0.0e+00"));
        }

        table.Write(stdout);
        foreach (OutputReport output in outputs.Where(output => output.NonFiniteInBoth > 0))
        {
            stdout.Say(
                $"  {SentenceText.Name(output.Name)}: {output.NonFiniteInBoth} of {output.Elements} elements are NaN "
                    + "or infinite in both models, in the same way, and in no distance");
        }
    }

    private static string Number(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
