using System.Globalization;
using FlatLearning.Fitting;
using FlatLearning.Fitting.Codes;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>view-error --models DIR [--bits B] [--min-size S]</c>: what weights of operators that compute with dense tensors
/// lose and store in each view as a matrix: outputs as columns, inputs as columns, and rows of 64 elements as they lie.
/// Means over the weights of an operator type.
/// </summary>
internal static class ViewErrorCommand
{
    private static readonly string[] Views = ["outputs as columns", "inputs as columns", "rows of 64"];

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        int bits = options.Number("--bits", 4);
        Dictionary<string, Sum[]> sums = [];
        foreach (string path in Directory.GetFiles(options.Required("--models"), "*.onnx").Order())
        {
            ConversionDraft draft = new(
                OnnxModelFile.Load(path), new ConvertOptions { MinSize = options.Number("--min-size", 1024) });
            foreach (WeightCandidate candidate in draft.Candidates
                .SelectMany(one => one.Members.Count > 0 ? one.Members : [one])
                .Where(one => one is { IsTensor: true, IsValues: false }))
            {
                string type = Kind(candidate);
                if (!sums.TryGetValue(type, out Sum[]? known))
                {
                    sums[type] = known = new Sum[Views.Length];
                }

                Add(draft, candidate, bits, known);
            }
        }

        Console.WriteLine(
            $"| operator | weights | {string.Join(" | ", Views.Select(view => $"{view}: error | bits"))} |");
        Console.WriteLine($"|---|---|{string.Concat(Views.Select(_ => "---|---|"))}");
        foreach ((string type, Sum[] known) in sums.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            string figures = string.Join(" | ", known.Select(sum => string.Create(
                CultureInfo.InvariantCulture, $"{sum.Error / sum.Weights:0.00000} | "
                    + $"{8 * sum.Bytes / sum.Elements:0.00}")));
            Console.WriteLine($"| {type} | {known[0].Weights} | {figures} |");
        }

        return 0;
    }

    private static string Kind(WeightCandidate candidate)
    {
        string type = candidate.OpTypes[0];
        return type != "Conv" ? type
            : candidate.Info.Dims[1] == 1 ? "Conv, depthwise"
            : candidate.Info.Dims.Skip(2).All(dim => dim == 1) ? "Conv, 1x1"
            : "Conv, larger";
    }

    private static void Add(ConversionDraft draft, WeightCandidate candidate, int bits, Sum[] sums)
    {
        DenseTensor tensor = draft.Constants.Read(candidate.Root.Scope, candidate.Root.Name)!;
        TensorUse use = (TensorUse)candidate.Uses[0];
        int[] rows = [.. use.Seen is TensorView view ? view.Order.Take(view.RowAxes) : []];
        TensorView natural = TensorView.Exactly(tensor.Dims, rows);
        MatrixView[] views = [natural, natural.Turned(), new BundleView()];
        for (int i = 0; i < views.Length; i++)
        {
            (int k, int n) = views[i] is BundleView
                ? ((int)BundleView.RowsOf(tensor.Count), BundleView.Width)
                : ((int)views[i].ShapeOf(tensor.Dims).Rows, (int)views[i].ShapeOf(tensor.Dims).Columns);
            FitResult fit = WeightFitter.Fit(
                views[i].Read(tensor), k, n, new UniformCodesPlan { Bits = bits }, new FitOptions());
            sums[i].Weights++;
            sums[i].Error += fit.Error;
            sums[i].Bytes += fit.Weight?.StoredBytes ?? 0;
            sums[i].Elements += tensor.Count;
        }
    }

    private struct Sum
    {
        public int Weights;
        public double Error;
        public double Bytes;
        public double Elements;
    }
}
