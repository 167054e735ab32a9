using FlatLearning.Dyn;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

/// <summary>
/// A few weights for every kernel: all bits and taps, groups that suit registers and that do not, mixed widths,
/// metrics, sparse elements; every type of x, numbers of rows on both sides of the changes of the kernel.
/// </summary>
internal static class NativeCases
{
    private static readonly int[] Batches = [1, 2, 3, 7, 20, 40];

    private static readonly (int Rows, int Columns, int GroupWidth)[] Shapes =
    [
        (64, 100, 104), (300, 200, 72), (700, 100, 104), (521, 128, 128), (2000, 8, 8), (70, 1500, 1024), (48, 192, 0),
        (130, 384, 0),
    ];

    private static readonly TensorElementType[] Types =
        [TensorElementType.Float, TensorElementType.Float16, TensorElementType.BFloat16, TensorElementType.Double];

    /// <summary>Cases of <see cref="Run"/>.</summary>
    public static int Count => Weights().Count() * Batches.Length;

    /// <summary>
    /// Runs all cases and returns how many there were; throws where an element is outside the bound of the oracle.
    /// </summary>
    public static string Run()
    {
        int number = 0;
        foreach (DynWeight weight in Weights())
        {
            OrtTensor bias = Inputs.Random(number, TensorElementType.Float, weight.Columns);
            NodeModel model = NodeModel.Of(weight, bias);
            model.XType = Types[Math.Max(0, (number % 6) - 2)];
            string activations = number % 5 == 4 ? "int8" : "float32";
            using InferenceSession session = NativeHost.Open(model, activations: activations);
            ProductOracle oracle = new(weight, bias.ToDoubles())
            {
                Slack = x => activations == "int8" && weight.Codebook is not null
                    ? Slacks.WholeNumbers(weight, x.Span)
                    : 0,
            };
            foreach (int batch in Batches)
            {
                OrtTensor x = Inputs.Random(number + batch, model.XType, batch, weight.Rows);
                _ = oracle.Check(x, NativeHost.Run(session, x));
            }

            number++;
        }

        return $"{number * Batches.Length}";
    }

    private static IEnumerable<DynWeight> Weights()
    {
        int seed = 0;
        foreach (int bits in CodeCases.Bits)
        {
            for (int taps = 1; taps <= Codebook.MaxTaps; taps++, seed++)
            {
                (int rows, int columns, int groupWidth) = Shapes[(3 * seed) % Shapes.Length];
                yield return WeightGenerator.Create(new WeightCase
                {
                    Rows = rows,
                    Columns = columns,
                    GroupWidth = groupWidth,
                    Bits = bits,
                    Taps = taps,
                    HasRowScale = (bits + taps) % 2 == 0,
                    Seed = seed,
                });
            }
        }

        foreach ((int rows, int columns, int groupWidth) in BandCases.Shapes)
        {
            yield return BandCases.Weight([8, 6, 5, 4, 3, 2], rows, Math.Min(columns, 600), groupWidth, ++seed);
            yield return BandCases.Weight([6, 5, 4, 3, 2], rows, Math.Min(columns, 600), groupWidth, ++seed);
        }

        foreach (DynWeight weight in SparseCases.Weights().Take(4).Concat(MetricCases.Distances()))
        {
            yield return weight;
        }
    }
}
