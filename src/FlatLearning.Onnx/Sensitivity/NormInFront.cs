using FlatLearning.Fitting;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Sensitivity;

/// <summary>
/// H of what comes out of a normalisation with constant gain g and bias b: x = g n + b, where n has mean 0 and variance
/// 1, so that H = diag(g²) + b bᵀ. Found as LayerNormalization, RMSNormalization and their relatives of com.microsoft,
/// as BatchNormalization of matrices, and written out as a division (or a product with a reciprocal root) followed by
/// the gain.
/// </summary>
internal static class NormInFront
{
    private static readonly HashSet<string> LayerNorms = new(StringComparer.Ordinal)
    {
        "LayerNormalization", "SimplifiedLayerNormalization", "RMSNormalization",
    };

    private static readonly HashSet<string> SkipNorms =
        new(StringComparer.Ordinal) { "SkipLayerNormalization", "SkipSimplifiedLayerNormalization" };

    /// <summary>
    /// H for a weight of <paramref name="rows"/> inputs; null where no such normalisation is in front of all its uses.
    /// </summary>
    public static Hessian? Find(WeightCandidate candidate, ModelConstants constants, int rows)
    {
        if (WeightInputs.Of(candidate, constants.Index.Main) is not { Names: [string name] })
        {
            return null;
        }

        GraphScope main = constants.Index.Main;
        if (main.Find(name)?.Producer is not { } node)
        {
            return null;
        }

        (float[]? gain, float[]? bias) = Parameters(node, main, constants, rows);
        if (gain is null)
        {
            return null;
        }

        double[] h = new double[rows * rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++)
            {
                h[(i * rows) + j] =
                    (i == j ? (double)gain[i] * gain[i] : 0) + (bias is null ? 0 : (double)bias[i] * bias[j]);
            }
        }

        return Hessian.Full(h, rows);
    }

    private static (float[]? Gain, float[]? Bias) Parameters(
        NodeProto node, GraphScope main, ModelConstants constants, int rows)
    {
        if (LayerNorms.Contains(node.OpType) || node.OpType == "BatchNormalization")
        {
            return (Vector(node, 1), Vector(node, 2));
        }

        if (SkipNorms.Contains(node.OpType))
        {
            return (Vector(node, 2), node.OpType == "SkipLayerNormalization" ? Vector(node, 3) : null);
        }

        float[]? bias = null;
        if (node.OpType == "Add" && Split(node) is { } sum)
        {
            bias = sum.Vector;
            if (main.Find(sum.Other)?.Producer is not { } inner)
            {
                return (null, null);
            }

            node = inner;
        }

        return node.OpType == "Mul" && Split(node) is { } product && IsNormalised(main, product.Other, constants)
            ? (product.Vector, bias)
            : (null, null);

        float[]? Vector(NodeProto owner, int position) =>
            position < owner.Input.Count
                && owner.Input[position].Length > 0
                && constants.InfoOf(main, owner.Input[position]) is { } info
                && info.Count == rows && (info.Dims is [.., long last] && last == rows)
                    ? constants.Read(main, owner.Input[position])?.ToSingles()
                    : null;

        (float[] Vector, string Other)? Split(NodeProto owner) => owner.Input.Count != 2 ? null
            : Vector(owner, 1) is { } second ? (second, owner.Input[0])
            : Vector(owner, 0) is { } first ? (first, owner.Input[1])
            : null;
    }

    /// <summary>Whether a value is something divided by a root, or multiplied by a reciprocal one.</summary>
    private static bool IsNormalised(GraphScope main, string name, ModelConstants constants) =>
        main.Find(name)?.Producer is { OpType: "Div" or "Mul", Input.Count: 2 } node
        && node.Input.Any(
            input => !constants.IsConstant(main, input)
                && main.Find(input)?.Producer is { OpType: "Sqrt" or "Reciprocal" or "Pow" or "Div" });
}
