using FlatLearning.Dyn;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

/// <summary>
/// Codes of several widths in one weight: sections of every length, group widths that registers like and that they do
/// not, every type of x.
/// </summary>
internal static class BandCases
{
    public static readonly int[][] Bands = [[4], [2], [3], [8, 6, 5, 4, 3, 2], [4, 3, 2], [6, 5, 4, 3, 2]];

    /// <summary>
    /// Beyond what is kept decoded: groups that are looked up where they lie, and those that are packed again; a group
    /// of one column, long sections and short ones, so many groups that neighbours share tables.
    /// </summary>
    public static readonly (int Rows, int Columns, int GroupWidth)[] Shapes =
    [
        (2100, 64, 64), (700, 193, 64), (400, 400, 128), (1400, 100, 104), (720, 190, 192), (90, 1500, 1024),
        (40, 2100, 64), (260, 2100, 64), (200, 4200, 128),
    ];

    /// <summary>On both sides of the change from look-ups to panels.</summary>
    public static readonly int[] Batches = [1, 2, 3, 20];

    /// <summary>
    /// Widths and their taps are shifted against each other from case to case; 8 bits are never looked up.
    /// </summary>
    private static readonly int[][] LargeBands = [[6, 5, 4, 3, 2], [5, 3], [8, 6, 4], [4, 2]];

    private static readonly TensorElementType[] Types =
        [TensorElementType.Float, TensorElementType.Float16, TensorElementType.Double, TensorElementType.BFloat16];

    /// <summary>Cases of <see cref="Run"/>.</summary>
    public static int Count =>
        (Bands.Length * CodeCases.Shapes.Length * CodeCases.Batches.Length)
            + (LargeBands.Length * Shapes.Length * Batches.Length);

    /// <summary>
    /// Runs all cases and returns how many there were; throws where an element is outside the bound of the oracle.
    /// </summary>
    public static string Run()
    {
        int cases = 0;
        cases += Run(Bands, CodeCases.Shapes, CodeCases.Batches);
        cases += Run(LargeBands, Shapes, Batches);
        return $"{cases}";
    }

    /// <summary>A weight whose sections have random lengths.</summary>
    public static DynWeight Weight(int[] bands, int rows, int columns, int groupWidth, int seed) =>
        WeightGenerator.Create(new WeightCase
    {
        Rows = rows,
        Columns = columns,
        GroupWidth = groupWidth,
        Bands = bands,
        Taps = 1 + (seed % Codebook.MaxTaps),
        HasLogScales = rows % 2 == 0,
        Seed = seed,
    });

    private static int Run(int[][] widths, (int Rows, int Columns, int GroupWidth)[] shapes, int[] batches)
    {
        int cases = 0;
        foreach (int[] bands in widths)
        {
            foreach ((int rows, int columns, int groupWidth) in shapes)
            {
                DynWeight weight = Weight(bands, rows, columns, groupWidth, cases);
                OrtTensor bias = Inputs.Random(cases, TensorElementType.Float, columns);
                NodeModel model = NodeModel.Of(weight, bias);
                model.XType = Types[Math.Max(0, (cases / batches.Length % 6) - 2)];
                using InferenceSession session = NativeHost.Open(model);
                ProductOracle oracle = new(weight, bias.ToDoubles());
                foreach (int batch in batches)
                {
                    OrtTensor x = Inputs.Random(cases + batch, model.XType, batch, rows);
                    _ = oracle.Check(x, NativeHost.Run(session, x));
                    cases++;
                }
            }
        }

        return cases;
    }
}
