using FlatLearning.Numerics;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Benchmarks;

/// <summary>
/// The constant weights of a model's convertible nodes (at the usual input: right-hand sides; behind Identity and a
/// transposition of rank 2), each once.
/// </summary>
internal static class ModelWeights
{
    public static List<MatrixWeight> Load(string path, int minSize)
    {
        OnnxModel model = OnnxModelFile.Load(path);
        (Dictionary<string, TensorProto> constants, Dictionary<string, NodeProto> producers) = Constants(model.Proto);
        List<MatrixWeight> weights = [];
        HashSet<(string, bool)> seen = [];
        foreach (NodeProto node in ModelWalk.NodeLists(model.Proto)
            .SelectMany(nodes => nodes)
            .Where(node => ConvertibleOperators.ProductOf(node) is not null))
        {
            (string name, bool transposed) = Source(constants, producers, node);
            if (constants.TryGetValue(name, out TensorProto? tensor)
                && tensor.Dims.Count == 2
                && tensor.Dims[0] * tensor.Dims[1] >= minSize
                && seen.Add((name, transposed)))
            {
                weights.Add(
                    Make(
                        name, model.Tensors.ReadSingles(tensor), (int)tensor.Dims[0], (int)tensor.Dims[1], transposed));
            }
        }

        return weights;
    }

    /// <summary>The constant behind the usual weight input of a convertible node, and whether it is [N, K].</summary>
    public static (string Name, bool Transposed) Source(
        IReadOnlyDictionary<string, TensorProto> constants,
        IReadOnlyDictionary<string, NodeProto> producers,
        NodeProto node)
    {
        IConvertibleOperator known = ConvertibleOperators.Of(node)!;
        int input = known.WeightInputs[0];
        bool transposed = known.ViewOf(node, input).Transposed;
        string name = node.Input[input];
        while (!constants.ContainsKey(name)
            && producers.TryGetValue(name, out NodeProto? source)
            && source.OpType is "Identity" or "Transpose")
        {
            transposed ^= source.OpType == "Transpose";
            name = source.Input[0];
        }

        return (name, transposed);
    }

    /// <summary>
    /// The largest floating-point constant with two or more dimensions above 1, as [leading such dimension, the rest];
    /// null where there is none.
    /// </summary>
    public static MatrixWeight? LargestConstant(string path)
    {
        OnnxModel model = OnnxModelFile.Load(path);
        (Dictionary<string, TensorProto> constants, _) = Constants(model.Proto);
        TensorProto? largest = constants.Values
            .Where(
                tensor => tensor.Dims.Count(dim => dim > 1) >= 2
                    && (TensorProto.Types.DataType)tensor.DataType is TensorProto.Types.DataType.Float
                        or TensorProto.Types.DataType.Float16)
            .MaxBy(tensor => tensor.Dims.Aggregate(1L, (product, dim) => product * dim));
        if (largest is null)
        {
            return null;
        }

        float[] values = model.Tensors.ReadSingles(largest);
        int rows = (int)largest.Dims.First(dim => dim > 1);
        return new MatrixWeight(largest.Name, values, rows, values.Length / rows);
    }

    /// <summary>Constants of all graphs by name, and the nodes that make single values.</summary>
    public static (Dictionary<string, TensorProto> Constants, Dictionary<string, NodeProto> Producers) Constants(
        ModelProto model)
    {
        Dictionary<string, TensorProto> constants = [];
        Dictionary<string, NodeProto> producers = [];
        foreach (GraphProto graph in ModelWalk.Graphs(model))
        {
            foreach (TensorProto tensor in graph.Initializer)
            {
                constants.TryAdd(tensor.Name, tensor);
            }

            foreach (NodeProto node in graph.Node.Where(node => node.Output.Count == 1))
            {
                producers.TryAdd(node.Output[0], node);
                if (node.OpType == "Constant" && node.Attribute is [{ T: not null } value])
                {
                    constants.TryAdd(node.Output[0], value.T);
                }
            }
        }

        return (constants, producers);
    }

    private static MatrixWeight Make(string name, float[] values, int rows, int columns, bool transposed) => transposed
        ? new MatrixWeight(name, MatrixTranspose.Of(values, rows, columns), columns, rows, Transposed: true)
        : new MatrixWeight(name, values, rows, columns);
}
