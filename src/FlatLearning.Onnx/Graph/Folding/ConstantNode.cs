using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Graph.Folding;

/// <summary>The value of a Constant node, in whichever attribute it is.</summary>
internal static class ConstantNode
{
    /// <summary>True for a Constant node of the standard domain.</summary>
    public static bool Is(NodeProto node) => node.OpType == "Constant" && NodeNames.Domain(node.Domain).Length == 0;

    /// <summary>The dense tensor of the attribute <c>value</c>, or null where the node has another one.</summary>
    public static TensorProto? TensorOf(NodeProto node) => node.Attribute("value")?.T;

    /// <summary>The sparse tensor of the attribute <c>sparse_value</c>, or null.</summary>
    public static SparseTensorProto? SparseOf(NodeProto node) => node.Attribute("sparse_value")?.SparseTensor;

    /// <summary>The numbers of the attribute <c>value_floats</c>, or null.</summary>
    public static IReadOnlyList<float>? FloatsOf(NodeProto node) => node.Attribute("value_floats")?.Floats;

    /// <summary>Reads the value; null for strings and for a node without any value.</summary>
    public static DenseTensor? Read(NodeProto node, TensorReader reader)
    {
        foreach (AttributeProto attribute in node.Attribute)
        {
            switch (attribute.Name)
            {
                case "value" when attribute.T is not null:
                    return reader.ReadDense(attribute.T);
                case "sparse_value" when attribute.SparseTensor is not null:
                    return reader.ReadDense(attribute.SparseTensor);
                case "value_float":
                    return new DenseTensor(DataType.Float, [], [attribute.F]);
                case "value_floats":
                    return new DenseTensor(DataType.Float, [attribute.Floats.Count], [.. attribute.Floats]);
                case "value_int":
                    return new DenseTensor(DataType.Int64, [], [(double)attribute.I]);
                case "value_ints":
                    return new DenseTensor(
                        DataType.Int64, [attribute.Ints.Count], [.. attribute.Ints.Select(value => (double)value)]);
            }
        }

        return null;
    }
}
