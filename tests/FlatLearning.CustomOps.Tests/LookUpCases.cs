using FlatLearning.Dyn;
using FlatLearning.OnnxRuntime;

namespace FlatLearning.CustomOps.Tests;

/// <summary>
/// Codes of 2 and 4 bits, whose few rows are multiplied by look-up: every number of taps, group widths whose rows end inside a register,
/// blobs that end inside one, and the numbers of rows around the change to decoded tiles.
/// </summary>
internal static class LookUpCases
{
    private static readonly (int Rows, int Columns, int GroupWidth)[] Shapes =
    [
        (1, 1, 8), (2, 9, 8), (3, 17, 0), (17, 8, 8), (5, 40, 0), (64, 100, 104), (33, 128, 128), (100, 257, 0), (300, 200, 72), (257, 1000, 136), (40, 1500, 1024),
    ];

    public static string Run()
    {
        int cases = 0;
        foreach (int bits in (int[])[2, 4])
        {
            for (int taps = 1; taps <= Codebook.MaxTaps; taps++)
            {
                foreach ((int rows, int columns, int groupWidth) in Shapes)
                {
                    DynWeight weight = WeightGenerator.Create(new WeightCase
                    {
                        Rows = rows,
                        Columns = columns,
                        GroupWidth = groupWidth,
                        Bits = bits,
                        Taps = taps,
                        HasRowScale = taps % 2 == 0,
                        Seed = cases,
                    });
                    OrtTensor bias = Inputs.Random(cases, TensorElementType.Float, columns);
                    using InferenceSession session = NativeHost.Open(NodeModel.Of(weight, bias));
                    ProductOracle oracle = new(weight, bias.ToDoubles());
                    foreach (int batch in (int[])[1, 3, 8, 9])
                    {
                        OrtTensor x = Inputs.Random(cases + batch, TensorElementType.Float, batch, rows);
                        _ = oracle.Check(x, NativeHost.Run(session, x));
                        cases++;
                    }
                }
            }
        }

        return $"{cases}";
    }
}
