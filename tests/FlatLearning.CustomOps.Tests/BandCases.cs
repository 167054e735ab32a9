using FlatLearning.Dyn;
using FlatLearning.OnnxRuntime;

namespace FlatLearning.CustomOps.Tests;

/// <summary>Codes of several widths in one weight: sections of every length, group widths that registers like and that they do not, every type of x.</summary>
internal static class BandCases
{
    public static readonly int[][] Bands = [[4], [2], [3], [8, 6, 5, 4, 3, 2], [4, 3, 2], [6, 5, 4, 3, 2]];

    private static readonly TensorElementType[] Types =
        [TensorElementType.Float, TensorElementType.Float16, TensorElementType.Double, TensorElementType.BFloat16];

    /// <summary>Runs all cases and returns how many there were; throws where an element is outside the bound of the oracle.</summary>
    public static string Run()
    {
        int cases = 0;
        foreach (int[] bands in Bands)
        {
            foreach ((int rows, int columns, int groupWidth) in CodeCases.Shapes)
            {
                DynWeight weight = WeightGenerator.Create(new WeightCase
                {
                    Rows = rows,
                    Columns = columns,
                    GroupWidth = groupWidth,
                    Bands = bands,
                    Taps = 1 + (cases % Codebook.MaxTaps),
                    HasLogScales = rows % 2 == 0,
                    Seed = cases,
                });
                OrtTensor bias = Inputs.Random(cases, TensorElementType.Float, columns);
                NodeModel model = NodeModel.Of(weight, bias);
                model.XType = Types[Math.Max(0, (cases / CodeCases.Batches.Length % 6) - 2)];
                using InferenceSession session = NativeHost.Open(model);
                ProductOracle oracle = new(weight, bias.ToDoubles());
                foreach (int batch in CodeCases.Batches)
                {
                    OrtTensor x = Inputs.Random(cases + batch, model.XType, batch, rows);
                    _ = oracle.Check(x, NativeHost.Run(session, x));
                    cases++;
                }
            }
        }

        return $"{cases}";
    }
}
