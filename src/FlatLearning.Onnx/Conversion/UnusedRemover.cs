using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// Removes what a conversion left without a reader: the dense constants and the Transpose, Reshape and the like in
/// front of them. Anything that had no reader before stays as it was.
/// </summary>
internal static class UnusedRemover
{
    /// <summary>
    /// Removes unread values among the roots, chains and other leaves of converted weights, until nothing changes.
    /// </summary>
    /// <param name="model">The rewritten model.</param>
    /// <param name="names">Names of values that may go.</param>
    public static void Remove(ModelProto model, IReadOnlySet<string> names)
    {
        bool changed = true;
        while (changed)
        {
            changed = false;
            GraphIndex index = new(model);
            foreach (GraphScope scope in index.Scopes)
            {
                foreach (GraphValue value in scope.Values.Values)
                {
                    if (names.Contains(value.Name)
                        && value.Uses.Count == 0
                        && !value.IsScopeOutput
                        && value.InnerOutputCount == 0)
                    {
                        changed |= Remove(scope, value);
                    }
                }
            }
        }
    }

    private static bool Remove(GraphScope scope, GraphValue value)
    {
        if (value.Producer is { } node)
        {
            bool isPure = ConstantNode.Is(node) || ConstantFolder.FoldedOperators.Contains(node.OpType);
            return isPure && scope.Nodes.Remove(node);
        }

        GraphProto? graph = scope.Graph;
        if (graph is null || value.Kind is not (ValueKind.Initializer or ValueKind.SparseInitializer))
        {
            return false;
        }

        if (graph.Input.FirstOrDefault(input => input.Name == value.Name) is { } declared)
        {
            graph.Input.Remove(declared);
        }

        return value.Initializer is not null
            ? graph.Initializer.Remove(value.Initializer)
            : graph.SparseInitializer.Remove(value.SparseInitializer!);
    }
}
