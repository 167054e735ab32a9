using FlatLearning.Dyn;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Inspection;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>
/// Finds the products with constant weights in a main graph; how often a body of If, Loop or Scan runs is not known
/// before it does.
/// </summary>
internal static class WeightProducts
{

    /// <summary>Every such node, in the order of the graph.</summary>
    public static IReadOnlyList<WeightProduct> Find(OnnxModel model)
    {
        GraphIndex index = new(model.Proto);
        ModelConstants constants = new(new ConstantFolder(model, index));
        return [.. index.Main.Nodes.Select(node => Of(model, constants, index.Main, node)).OfType<WeightProduct>()];
    }

    /// <summary>Whether a model has converted weights.</summary>
    public static bool IsConverted(OnnxModel model) =>
        ModelWalk.NodeLists(model.Proto).SelectMany(nodes => nodes).Any(DynNodes.Is);

    private static WeightProduct? Of(OnnxModel model, ModelConstants constants, GraphScope scope, NodeProto node) =>
        node switch
    {
        { Output.Count: 0 } => null,
        _ when ConvertibleOperators.ProductOf(node) is { } known => Dense(constants, scope, node, known),
        { OpType: "MatMulNBits", Domain: NodeNames.RuntimeDomain } => Blocks(constants, scope, node),
        _ when DynNodes.IsProduct(node) => Dyn(DynNodes.Read(model, scope, node), node),
        _ => null,
    };

    private static WeightProduct? Dense(
        ModelConstants constants, GraphScope scope, NodeProto node, IConvertibleOperator known)
    {
        (int Input, TensorInfo Info)[] weights = [
            .. known.WeightInputs.Where(input => input < node.Input.Count)
                .Select(input => (input, constants.InfoOf(scope, node.Input[input])!))
                .Where(weight => weight.Item2 is not null)];
        if (weights is not [(int position, { Dims.Length: >= 2 } info)])
        {
            return null;
        }

        long depth = known.ViewOf(node, position).ShapeOf(info.Dims).Rows;
        return new WeightProduct(node.Output[0], depth, info.ByteLength, info.ByteLength);
    }

    private static WeightProduct? Blocks(ModelConstants constants, GraphScope scope, NodeProto node)
    {
        long bytes = node.Input.Skip(1)
            .Sum(name => name.Length > 0 ? constants.InfoOf(scope, name)?.ByteLength ?? 0 : 0);
        return bytes > 0 ? new WeightProduct(node.Output[0], node.Int("K", 0), bytes, bytes) : null;
    }

    private static WeightProduct Dyn(DynWeight weight, NodeProto node) =>
        new(node.Output[0], weight.Rows, weight.StoredBytes, (long)weight.Rows * weight.Columns * sizeof(float));
}
