using System.Globalization;
using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Sensitivity;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Benchmarks.Plans;

/// <summary>
/// <c>output-error --models DIR [--data DIR] [--inputs best|self|madeup] [--match A,B] [--all] [--bits 4,3] [--effort
/// E] [--min-size S]</c>: relative L2 error of the outputs (the worst floating-point one) of transformer models, or of
/// all with <c>--all</c>, after plans of equal bits without H, with the one that <c>--hessian auto</c> chooses, and
/// with that of made-up inputs (<c>synthetic</c>), on inputs that no fit has seen (<see cref="EvaluationInputs"/>);
/// geometric means over the models of their ratios.
/// </summary>
internal static class OutputErrorCommand
{
    private static readonly HessianMode[] Modes = [HessianMode.None, HessianMode.Auto, HessianMode.Synthetic];

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        double[] rates = Array.ConvertAll(
            options.Text("--bits", "4").Split(','), text => double.Parse(text, CultureInfo.InvariantCulture));
        string[] match = options.Text("--match", string.Empty).Split(',');
        string? data = options.Has("--data") ? options.Required("--data") : null;
        EvaluationKind kind =
            Enum.Parse<EvaluationKind>(options.Text("--inputs", nameof(EvaluationKind.Best)), ignoreCase: true);
        string[] paths = [.. Directory.GetFiles(options.Required("--models"), "*.onnx").Order(StringComparer.Ordinal)
            .Where(
                path => match.Any(
                    part => Path.GetFileNameWithoutExtension(path).Contains(part, StringComparison.Ordinal)))
            .Where(path => options.Has("--all") || Transformers.IsOne(OnnxModelFile.Load(path).Proto))];
        ConvertOptions convert = new()
        {
            Search = new PlanRequest
            {
                Effort = Enum.Parse<FitEffort>(options.Text("--effort", nameof(FitEffort.Default)), ignoreCase: true),
            },
            Runs = OnnxRuntimeRuns.Instance,
            MinSize = options.Number("--min-size", 1024),
        };
        Console.WriteLine(
            "| model | inputs | asked | none: bits | error | auto: bits | error | synthetic: bits | error | "
                + "auto/none | synthetic/none |\n|---|---|---|---|---|---|---|---|---|---|---|");
        List<(double Rate, double Auto, double Synthetic)> ratios = [];
        foreach (string path in paths)
        {
            EvaluationInputs inputs = EvaluationInputs.Of(path, data, kind);
            foreach (double rate in rates)
            {
                (double Bits, double Error)[] results = Array.ConvertAll(
                    Modes,
                    mode => Measure(
                        path, inputs, convert with { Hessian = mode, Target = new PlanTarget(TargetKind.Bits, rate) }));
                (double auto, double synthetic) =
                    (results[1].Error / results[0].Error, results[2].Error / results[0].Error);
                ratios.Add((rate, auto, synthetic));
                string measured = string.Join(
                    " | ",
                    results.Select(result => string.Create(
                        CultureInfo.InvariantCulture, $"{result.Bits:0.000} | {result.Error:0.00000}")));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {Path.GetFileNameWithoutExtension(path)} | {inputs.Description} | {rate:0.0} | {measured} | "
                        + $"{auto:0.000} | {synthetic:0.000} |"));
            }
        }

        foreach (double rate in rates)
        {
            (double Rate, double Auto, double Synthetic)[] of = [.. ratios.Where(ratio => ratio.Rate == rate)];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"\n{rate:0.0} bits, {of.Length} models: geometric mean of auto/none "
                    + $"{GeometricMean(of.Select(ratio => ratio.Auto)):0.000}, of synthetic/none "
                    + $"{GeometricMean(of.Select(ratio => ratio.Synthetic)):0.000}"));
        }

        return 0;
    }

    /// <summary>exp of the mean logarithm; NaN of nothing.</summary>
    public static double GeometricMean(IEnumerable<double> values) =>
        Math.Exp(values.Select(value => Math.Log(value)).DefaultIfEmpty(double.NaN).Average());

    /// <summary>Stored bits and output error of one plan.</summary>
    public static (double Bits, double Error) Measure(string path, EvaluationInputs inputs, ConvertOptions options)
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("flat-output-");
        try
        {
            string target = Path.Combine(scratch.FullName, "model.onnx");
            (ConversionReport report, _) = ConversionJob.Run(path, target, options, ConversionTarget.New);
            ComparisonReport compared = ModelComparer.Compare(
                new ComparisonRequest { Original = path, Converted = target, Inputs = inputs.Source() });
            return (report.BitsPerWeight, compared.Statistics.Where(output => output.IsFloat)
                .Max(output => output.RelativeL2));
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }
}
