using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Tournament;

/// <summary>
/// The value that a weight's product is added to: with it, a fit can make up for what the layers in front have lost
/// beside the product.
/// </summary>
internal static class AddedValue
{
    private static readonly HashSet<string> Sums =
        new(StringComparer.Ordinal) { "Add", "SkipLayerNormalization", "SkipSimplifiedLayerNormalization" };

    /// <summary>The value's name; null where nothing else than the sum reads the product.</summary>
    /// <param name="candidate">The weight.</param>
    /// <param name="constants">The model.</param>
    public static string? Of(WeightCandidate candidate, ModelConstants constants)
    {
        GraphScope main = constants.Index.Main;
        if (candidate.Uses is not [{ Vectors: not null } use] || use.Scope != main)
        {
            return null;
        }

        string product = use.Node.Output[0];
        while (main.Values.GetValueOrDefault(product) is { IsScopeOutput: false, InnerOutputCount: 0, Uses: [var only] }
            && only.Scope == main && only.InputIndex < 2 && Sums.Contains(only.Node.OpType))
        {
            NodeProto sum = only.Node;
            string other = sum.Input[1 - only.InputIndex];
            if (!constants.IsConstant(main, other))
            {
                return main.Values.ContainsKey(other) ? other : null;
            }

            // A bias.
            product = sum.Output[0];
        }

        return null;
    }
}
