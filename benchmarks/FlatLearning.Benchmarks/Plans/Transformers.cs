using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Benchmarks.Plans;

/// <summary>
/// Tells transformer models by their attention: a softmax whose result, at most reshaped, is multiplied by another
/// computed matrix.
/// </summary>
internal static class Transformers
{
    private static readonly HashSet<string> Passing = new(
        StringComparer.Ordinal) { "Identity", "Cast", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Dropout",
            "Where" };

    /// <summary>
    /// Whether a model has attention, written out in standard operators or as an operator of com.microsoft.
    /// </summary>
    public static bool IsOne(ModelProto model) => ModelWalk.NodeLists(model).Any(nodes =>
    {
        ILookup<string, NodeProto> readers = nodes.SelectMany(
            node => node.Input.Distinct().Select(input => (input, node)))
                .ToLookup(pair => pair.input, pair => pair.node);
        return nodes.Any(
            node => node.OpType.EndsWith("Attention", StringComparison.Ordinal)
                || (node.OpType == "Softmax" && Multiplies(node, readers)));
    });

    private static bool Multiplies(NodeProto node, ILookup<string, NodeProto> readers) =>
        node.Output.Where(output => output.Length > 0).SelectMany(output => readers[output])
        .Any(
            reader => reader.OpType is MatMulOperator.Type or "Einsum"
                || (Passing.Contains(reader.OpType) && Multiplies(reader, readers)));
}
