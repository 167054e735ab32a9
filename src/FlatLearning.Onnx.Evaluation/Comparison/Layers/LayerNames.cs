using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>The intermediate values that two models have in common.</summary>
internal static class LayerNames
{
    private const string OwnDomain = "ai.flatlearning";

    /// <summary>
    /// Values by name that nodes of both main graphs compute and that are no outputs, with the converted model's node.
    /// Those of converted operators come first, otherwise in the order of the graph.
    /// </summary>
    public static IReadOnlyList<(string Name, NodeProto Node)> Common(ModelProto original, ModelProto converted)
    {
        HashSet<string> known = [.. Values(original).Select(pair => pair.Name)];
        known.ExceptWith(original.Graph.Output.Concat(converted.Graph.Output).Select(output => output.Name));
        return [
            .. Values(converted)
                .Where(pair => known.Contains(pair.Name))
                .OrderBy(pair => IsConverted(pair.Node) ? 0 : 1)];
    }

    /// <summary>Whether a node is one of ours.</summary>
    public static bool IsConverted(NodeProto node) => node.Domain == OwnDomain;

    // Constants are the same by name only by accident, and are weights rather than layers.
    private static IEnumerable<(string Name, NodeProto Node)> Values(ModelProto model) =>
        model.Graph.Node.Where(node => node.OpType != "Constant")
            .SelectMany(node => node.Output.Where(name => name.Length > 0).Select(name => (name, node)));
}
