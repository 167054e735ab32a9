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
    /// <returns>How many could be replaced before and cannot any more.</returns>
    public static int MakeConstant(ModelProto model)
    {
        GraphProto graph = model.Graph;
        bool all = model.IrVersion < FirstWithConstants;
        HashSet<string> initializers = [
            .. graph.Initializer.Select(tensor => tensor.Name),
            .. graph.SparseInitializer.Select(tensor => tensor.Values?.Name ?? string.Empty)];
        HashSet<string> operands = [.. graph.Node.SelectMany(node => Weights(node, initializers))];
        operands.ExceptWith(graph.Initializer.Where(tensor => tensor.Dims.Count < 2).Select(tensor => tensor.Name));
        List<ValueInfoProto> kept = [
            .. graph.Input.Where(
                input => !initializers.Contains(input.Name) || (!all && !operands.Contains(input.Name)))];
        int removed = graph.Input.Count - kept.Count;
        if (removed > 0)
        {
            graph.Input.Clear();
            graph.Input.Add(kept);
            model.IrVersion = Math.Max(model.IrVersion, FirstWithConstants);
        }

        return all ? 0 : removed;
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
