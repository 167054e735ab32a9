using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Standard;

/// <summary>A weight in blocks as nodes of ONNX Runtime read it.</summary>
/// <param name="OpType">Their operator.</param>
/// <param name="Domain">Its domain.</param>
/// <param name="Inputs">Names of codes, scales and, where there are any, zero points.</param>
/// <param name="Attributes">Their attributes.</param>
/// <param name="Before">Nodes that compute these inputs.</param>
internal sealed record StandardParts(
    string OpType,
    string Domain,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<AttributeProto> Attributes,
    IReadOnlyList<NodeProto> Before)
{
    private const int BiasInput = 5;

    /// <summary>y = x W + bias.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="x">Name of x.</param>
    /// <param name="bias">Name of the bias; empty for none.</param>
    /// <param name="y">Name of y.</param>
    public NodeProto Product(string name, string x, string bias, string y)
    {
        List<string> inputs = [x, .. Inputs];
        if (bias.Length > 0)
        {
            inputs.AddRange(Enumerable.Repeat(string.Empty, BiasInput - inputs.Count));
            inputs.Add(bias);
        }

        return Node(name, inputs, y);
    }

    /// <summary>y = rows of W.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="indices">Name of the rows' numbers.</param>
    /// <param name="y">Name of y.</param>
    public NodeProto Lookup(string name, string indices, string y) =>
        Node(name, [Inputs[0], indices, .. Inputs.Skip(1)], y);

    /// <summary>W.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="w">Name of W.</param>
    public NodeProto Dense(string name, string w) => Node(name, Inputs, w);

    private NodeProto Node(string name, IEnumerable<string> inputs, string output)
    {
        NodeProto node = NodeFactory.Create(OpType, name, inputs, output);
        node.Domain = Domain;
        node.Attribute.Add(Attributes.Select(attribute => attribute.Clone()));
        return node;
    }
}
