using FlatLearning.Onnx.Proto;
using AttributeType = FlatLearning.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace FlatLearning.Onnx.Graph;

/// <summary>Makes nodes and attributes.</summary>
internal static class NodeFactory
{
    /// <summary>A node of the standard domain with one output.</summary>
    public static NodeProto Create(string opType, string name, IEnumerable<string> inputs, string output)
    {
        NodeProto node = new() { OpType = opType, Name = name };
        node.Input.Add(inputs);
        node.Output.Add(output);
        return node;
    }

    /// <summary>A Transpose with the given permutation.</summary>
    public static NodeProto Transpose(string name, string input, string output, IEnumerable<long> permutation)
    {
        NodeProto node = Create("Transpose", name, [input], output);
        node.Attribute.Add(Ints("perm", permutation));
        return node;
    }

    /// <summary>A Constant node that holds a tensor under the tensor's own name.</summary>
    public static NodeProto Constant(TensorProto tensor)
    {
        NodeProto node = Create("Constant", tensor.Name, [], tensor.Name);
        node.Attribute.Add(new AttributeProto { Name = "value", Type = AttributeType.Tensor, T = tensor });
        return node;
    }

    /// <summary>An integer attribute.</summary>
    public static AttributeProto Int(string name, long value) =>
        new() { Name = name, Type = AttributeType.Int, I = value };

    /// <summary>An attribute with a list of integers.</summary>
    public static AttributeProto Ints(string name, IEnumerable<long> values)
    {
        AttributeProto attribute = new() { Name = name, Type = AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }

    /// <summary>A string attribute.</summary>
    public static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeType.String, S = Google.Protobuf.ByteString.CopyFromUtf8(value) };
}
