using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// The constants of a model as the conversion asks for them; types and shapes of folded chains are remembered, elements
/// are not.
/// </summary>
internal sealed class ModelConstants(ConstantFolder folder)
{
    private readonly Dictionary<GraphValue, TensorInfo?> _infos = new(ReferenceEqualityComparer.Instance);

    /// <summary>The index that names are looked up in.</summary>
    public GraphIndex Index => folder.Index;

    /// <summary>Whether a value is known before the model runs.</summary>
    public bool IsConstant(GraphScope scope, string name) => folder.Find(scope, name, out _) is not null;

    /// <summary>Whether a value is a constant as such and not computed from one.</summary>
    public bool IsStored(GraphScope scope, string name) => folder.Find(scope, name, out _) is { Chain.Count: 0 };

    /// <summary>Whether a node only passes a constant on, so that it can be folded away.</summary>
    public bool IsFoldable(GraphScope scope, NodeProto node) =>
        NodeNames.Domain(node.Domain).Length == 0 && ConstantFolder.FoldedOperators.Contains(node.OpType)
        && node.Output.Count > 0 && IsConstant(scope, node.Output[0]);

    /// <summary>Reads a constant; null where its elements cannot be known.</summary>
    public DenseTensor? Read(GraphScope scope, string name) =>
        folder.Find(scope, name, out _) is { } constant ? folder.Read(constant, out _) : null;

    /// <summary>Type and shape of a constant, or null where it is none.</summary>
    public TensorInfo? InfoOf(GraphScope scope, string name)
    {
        if (folder.Find(scope, name, out _) is not { } constant)
        {
            return null;
        }

        if (!_infos.TryGetValue(constant.Value, out TensorInfo? info))
        {
            info = Stored(constant.Value);
            if (info is null && folder.Read(constant, out _) is { } value)
            {
                info = new TensorInfo(
                    name, value.Type, value.Dims, value.Count, (long)value.Count * ElementTypes.BitsOf(value.Type) / 8);
            }

            _infos[constant.Value] = info;
        }

        return info;
    }

    /// <summary>
    /// Type and shape of a value that the file stores as such: an initializer, sparse or not, or a Constant node. Else
    /// null.
    /// </summary>
    public static TensorInfo? Stored(GraphValue value)
    {
        if (value.Producer is { } producer
            && ConstantNode.Is(producer)
            && ConstantNode.FloatsOf(producer) is { } floats)
        {
            return new TensorInfo(
                value.Name, DataType.Float, [floats.Count], floats.Count, (long)floats.Count * sizeof(float));
        }

        if ((value.SparseInitializer
            ?? (value.Producer is { } constant && ConstantNode.Is(constant)
                ? ConstantNode.SparseOf(constant)
                : null)) is { } sparse)
        {
            TensorProto shape = new() { DataType = sparse.Values.DataType, Name = value.Name };
            shape.Dims.Add(sparse.Dims);
            return TensorInfo.Of(shape)
                with {
                    ByteLength = TensorInfo.Of(sparse.Values).ByteLength + TensorInfo.Of(sparse.Indices).ByteLength };
        }

        TensorProto? tensor = value.Initializer
            ?? (value.Producer is { } node && ConstantNode.Is(node) ? ConstantNode.TensorOf(node) : null);
        return tensor is null ? null : TensorInfo.Of(tensor) with { Name = value.Name };
    }
}
