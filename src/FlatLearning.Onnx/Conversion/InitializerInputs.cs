using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// Initializers that are listed as graph inputs too. Before IR 4 every initializer had to be, and none could be
/// replaced; since then the list means that a caller may replace the value, and ONNX Runtime folds nothing that depends
/// on it. Old exporters list all of their weights.
/// </summary>
internal static class InitializerInputs
{
    // The first IR version in which an initializer need not be an input.
    private const long FirstWithConstants = 4;

    /// <summary>
    /// Takes out of the inputs: every initializer where the IR version was below 4 and is about to be raised, otherwise
    /// the weights, which no caller replaces in practice. Activations, states and biases stay the caller's to give.
    /// </summary>
    /// <returns>Those that could be replaced before.</returns>
    public static IReadOnlyList<OptionalInput> MakeConstant(ModelProto model)
    {
        GraphProto graph = model.Graph;
        bool all = model.IrVersion < FirstWithConstants;
        HashSet<string> initializers = [
            .. graph.Initializer.Select(tensor => tensor.Name),
            .. graph.SparseInitializer.Select(tensor => tensor.Values?.Name ?? string.Empty)];
        HashSet<string> operands = [.. graph.Node.SelectMany(node => Weights(node, initializers))];
        operands.ExceptWith(graph.Initializer.Where(tensor => tensor.Dims.Count < 2).Select(tensor => tensor.Name));
        OptionalInput[] removed = [
            .. graph.Input.Select((input, place) => new OptionalInput(place, input))
                .Where(input => initializers.Contains(input.Name) && (all || operands.Contains(input.Name)))];
        foreach (OptionalInput input in removed)
        {
            graph.Input.Remove(input.Value);
        }

        model.IrVersion = removed.Length > 0 ? Math.Max(model.IrVersion, FirstWithConstants) : model.IrVersion;
        return all ? [] : removed;
    }

    /// <summary>Lists initializers as inputs again.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">The inputs, in their order.</param>
    public static void GiveBack(GraphProto graph, IEnumerable<OptionalInput> inputs)
    {
        foreach (OptionalInput input in inputs)
        {
            graph.Input.Insert(Math.Min(input.Place, graph.Input.Count), input.Value);
        }
    }

    // Where several operands of a product are initializers, the usual one is the weight, and the others are states.
    private static IEnumerable<string> Weights(NodeProto node, HashSet<string> initializers)
    {
        IEnumerable<string> given = (TensorReaders.Of(node)?.Inputs ?? [])
            .Select(input => node.Input.ElementAtOrDefault(input) ?? string.Empty)
            .Where(initializers.Contains);
        return ConvertibleOperators.Of(node) is null ? given : given.Take(1);
    }
}
