using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion;

/// <summary>Removes what <see cref="UnusedValues"/> finds.</summary>
internal static class UnusedRemover
{
    /// <summary>
    /// Removes unread values among the roots, chains and other leaves of converted weights, until nothing changes.
    /// </summary>
    /// <param name="model">The rewritten model.</param>
    /// <param name="names">Names of values that may go.</param>
    public static void Remove(ModelProto model, IReadOnlySet<string> names)
    {
        foreach (GraphValue value in UnusedValues.Of(new GraphIndex(model), names))
        {
            if (value.Producer is { } node)
            {
                value.Scope.Nodes.Remove(node);
            }
            else
            {
                RemoveTensors([value]);
            }
        }
    }

    /// <summary>Removes initializers, and the inputs that they are the defaults of.</summary>
    public static void RemoveTensors(IEnumerable<GraphValue> values)
    {
        foreach (GraphValue value in values)
        {
            GraphProto graph = value.Scope.Graph!;
            if (DeclaredInput(value) is { } declared)
            {
                graph.Input.Remove(declared);
            }

            if (value.Initializer is { } tensor)
            {
                graph.Initializer.Remove(tensor);
            }
            else
            {
                graph.SparseInitializer.Remove(value.SparseInitializer!);
            }
        }
    }

    /// <summary>The input of its graph that an initializer is the default of; null where it is none.</summary>
    public static ValueInfoProto? DeclaredInput(GraphValue value) =>
        value.Scope.Graph!.Input.FirstOrDefault(input => input.Name == value.Name);
}
