using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Graph.Folding;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// Finds what a conversion leaves without a reader: the dense constants and the Transpose, Reshape and the like in
/// front of them. Anything that had no reader before stays as it was.
/// </summary>
internal static class UnusedValues
{
    /// <summary>The values that can go, each with the node or tensor that makes it.</summary>
    /// <param name="index">The model.</param>
    /// <param name="names">Names of values that may go.</param>
    /// <param name="editor">Changes that are planned for the model; null where there are none.</param>
    public static IReadOnlyList<GraphValue> Of(
        GraphIndex index, IReadOnlySet<string> names, GraphEditor? editor = null)
    {
        Dictionary<GraphValue, int> reads = Reads(index, names, editor);
        Queue<GraphValue> unread = new(reads.Where(pair => pair.Value == 0).Select(pair => pair.Key));
        List<GraphValue> unused = [];
        while (unread.TryDequeue(out GraphValue? value))
        {
            if (value.IsScopeOutput || value.InnerOutputCount > 0 || !CanGo(value))
            {
                continue;
            }

            unused.Add(value);
            foreach (GraphValue input in (value.Producer?.Input ?? []).Select(value.Scope.Find).OfType<GraphValue>())
            {
                if (reads.TryGetValue(input, out int left) && (reads[input] = left - 1) == 0)
                {
                    unread.Enqueue(input);
                }
            }
        }

        return unused;
    }

    private static Dictionary<GraphValue, int> Reads(
        GraphIndex index, IReadOnlySet<string> names, GraphEditor? editor)
    {
        Dictionary<GraphValue, int> reads = new(ReferenceEqualityComparer.Instance);
        foreach (GraphScope scope in index.Scopes)
        {
            foreach (string name in names)
            {
                if (scope.Values.TryGetValue(name, out GraphValue? value))
                {
                    reads.Add(value, value.Uses.Count(use => editor?.IsReplaced(use.Node) != true));
                }
            }
        }

        foreach (GraphScope scope in editor is null ? [] : index.Scopes)
        {
            foreach (string input in editor!.EditOf(scope)?.Added.SelectMany(node => node.Input) ?? [])
            {
                if (scope.Find(input) is { } value && reads.TryGetValue(value, out int known))
                {
                    reads[value] = known + 1;
                }
            }
        }

        return reads;
    }

    private static bool CanGo(GraphValue value) => value.Producer is { } node
        ? ConstantNode.Is(node) || ConstantFolder.FoldedOperators.Contains(node.OpType)
        : value.Scope.Graph is not null && value.Kind is ValueKind.Initializer or ValueKind.SparseInitializer;
}
