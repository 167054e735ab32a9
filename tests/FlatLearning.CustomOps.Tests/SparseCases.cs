using FlatLearning.Dyn;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

/// <summary>Sparse elements alone and on top of codes, bands and metrics, for every type of x.</summary>
internal static class SparseCases
{
    private static readonly TensorElementType[] Types =
        [TensorElementType.Float, TensorElementType.Float16, TensorElementType.Double, TensorElementType.BFloat16];

    /// <summary>The weights.</summary>
    public static IEnumerable<DynWeight> Weights()
    {
        WeightCase c = new() { Rows = 300, Columns = 130 };
        foreach (int count in (int[])[1, 50, 4000])
        {
            yield return WeightGenerator.Create(
                c with { Sparse = count, HasRowScale = false, HasColumnScale = false, Seed = count });
            yield return WeightGenerator.Create(c with { Sparse = count, Bits = 4, Taps = 2, Seed = count });
            yield return WeightGenerator.Create(
                c with { Sparse = count, Bands = [5, 3], HasLogScales = true, Seed = count });
            yield return WeightGenerator.Create(
                c with { Sparse = count, Metric = "dyn-l2", Bits = 2, Heads = 2, Seed = count });
        }
    }

    /// <summary>
    /// Runs all cases and returns how many there were; throws where an element is outside the bound of the oracle.
    /// </summary>
    public static string Run()
    {
        int cases = 0;
        foreach (DynWeight weight in Weights())
        {
            foreach (TensorElementType type in Types)
            {
                OrtTensor bias = Inputs.Random(cases, TensorElementType.Float, weight.Columns);
                NodeModel model = NodeModel.Of(weight, bias);
                model.XType = type;
                using InferenceSession session = NativeHost.Open(model);
                ProductOracle oracle = new(weight, bias.ToDoubles());
                foreach (int batch in (int[])[1, 4, 70])
                {
                    OrtTensor x = Inputs.Random(cases + batch, type, batch, weight.Rows);
                    _ = oracle.Check(x, NativeHost.Run(session, x));
                    cases++;
                }
            }
        }

        return $"{cases}";
    }
}
