using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Validation;

/// <summary>
/// The nodes can be put in an order. That the file lists them in one is not asked for: hosts sort them, and so do we.
/// </summary>
internal static class OrderRules
{
    public static IEnumerable<string> Check(GraphIndex index)
    {
        foreach (GraphScope scope in index.Scopes)
        {
            if (TopologicalOrder.Of(scope, out IReadOnlyList<NodeProto> stuck) is null)
            {
                yield return Messages.Cycle(scope.Description, NodeNames.Of(OnCycle(scope, stuck)));
            }
        }
    }

    /// <summary>
    /// A node that really is on a cycle: walking from any stuck node to a stuck producer ends up on one.
    /// </summary>
    private static NodeProto OnCycle(GraphScope scope, IReadOnlyList<NodeProto> stuck)
    {
        HashSet<NodeProto> remaining = new(stuck, ReferenceEqualityComparer.Instance);
        HashSet<NodeProto> visited = new(ReferenceEqualityComparer.Instance);
        NodeProto node = stuck[0];
        while (visited.Add(node))
        {
            node = TopologicalOrder.NamesRead(scope, node)
                .Select(name => scope.Values.GetValueOrDefault(name)?.Producer)
                .First(producer => producer is not null && remaining.Contains(producer))!;
        }

        return node;
    }
}
