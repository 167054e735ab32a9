using System.Globalization;
using FlatLearning.Benchmarks.Plans;
using FlatLearning.Fitting.Peers;
using FlatLearning.Onnx.Evaluation.Comparison;

namespace FlatLearning.Benchmarks.Peers;

/// <summary>
/// <c>peer-run --models DIR [--match NAME] [--min-size S] [--bits 4,8]</c>: every model with ONNX Runtime's blocks as
/// real MatMulNBits nodes (accuracy level 1, float32), run by ONNX Runtime beside the same model with the dense weights
/// that we compute for it. Their outputs must agree to a relative L2 error of 1e-5, else the status is 3. The file's
/// size is set against what our count of stored bytes predicts from the dense one; the rest is names and attributes.
/// Output error: relative L2 against the original, worst floating-point output, made-up inputs.
/// </summary>
internal static class PeerRunCommand
{
    private const int CheckFailed = 3;

    /// <summary>
    /// Two float32 products of the same numbers in another order differ by roundings of 2^-24, which grow with depth
    /// (1.2e-6 at most on the models measured); codes or scales that are off show at 1e-3 and above, even with 8 bits.
    /// </summary>
    public const double Agreement = 1e-5;

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        int[] bits = Array.ConvertAll(
            options.Text("--bits", "4,8").Split(','), text => int.Parse(text, CultureInfo.InvariantCulture));
        Console.WriteLine(
            "| model | format | nodes | bits/weight | stored bytes | file | rest | MatMulNBits against ours, max | "
                + "relative L2 | output error | of ours |\n|---|---|---|---|---|---|---|---|---|---|---|");
        bool failed = false;
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("flat-peer-");
        try
        {
            foreach (string path in Directory.GetFiles(options.Required("--models"), "*.onnx")
                .Order(StringComparer.Ordinal))
            {
                if (Path.GetFileNameWithoutExtension(path)
                    .Contains(options.Text("--match", string.Empty), StringComparison.Ordinal))
                {
                    foreach (OrtBlockFormat format in bits.SelectMany(PeerErrors.OrtBlocks))
                    {
                        failed |= !Measure(path, format, scratch.FullName, options.Number("--min-size", 1024));
                    }
                }
            }
        }
        finally
        {
            scratch.Delete(recursive: true);
        }

        return failed ? CheckFailed : 0;
    }

    /// <summary>Prints one row. Returns whether outputs agree.</summary>
    private static bool Measure(string path, OrtBlockFormat format, string scratch, int minSize)
    {
        (string blocks, string dense) = (Path.Combine(scratch, "blocks.onnx"), Path.Combine(scratch, "dense.onnx"));
        BlockModel written = BlockModel.Write(path, blocks, format, PeerStorage.Blocks, minSize);
        if (written.Nodes == 0)
        {
            return true;
        }

        BlockModel.Write(path, dense, format, PeerStorage.Dense, minSize);
        OutputReport agreement = Worst(dense, blocks);
        bool agrees = agreement.Identical || agreement.RelativeL2 <= Agreement;
        long file = new FileInfo(blocks).Length;
        long predicted = new FileInfo(dense).Length - (sizeof(float) * written.Elements) + written.StoredBytes;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {Path.GetFileNameWithoutExtension(path)} | {format.Name} | {written.Nodes} | "
                + $"{8.0 * written.StoredBytes / written.Elements:0.000} | {written.StoredBytes} | {file} | "
                + $"{file - predicted} | {agreement.MaxAbs:0.0e+0} | "
                + $"{agreement.RelativeL2:0.0e+0}{(agrees ? string.Empty : " differs")} | "
                + $"{Worst(path, blocks).RelativeL2:0.00000} | {Worst(path, dense).RelativeL2:0.00000} |"));
        return agrees;
    }

    /// <summary>
    /// The floating-point output with the largest error; made-up inputs with the sizes that the first model takes.
    /// </summary>
    private static OutputReport Worst(string original, string other) =>
        ModelComparer.Compare(new ComparisonRequest { Original = original, Converted = other, Threads = 1 })
            .Statistics.Where(output => output.IsFloat)
                .Select(OutputReport.Of)
                .MaxBy(output => output.RelativeL2 ?? double.PositiveInfinity)!;
}
