using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Quantised;

/// <summary>A node that computes with codes, and what may be done about it.</summary>
/// <param name="Folder">Reads constants.</param>
/// <param name="Names">Fresh names.</param>
/// <param name="Scope">Where the node is; a graph.</param>
/// <param name="Node">The node.</param>
/// <param name="Replaced">What becomes of nodes, collected.</param>
internal sealed record SourceContext(
    ConstantFolder Folder,
    NameAllocator Names,
    GraphScope Scope,
    NodeProto Node,
    Dictionary<NodeProto, IReadOnlyList<NodeProto>> Replaced)
{
    /// <summary>The operator of <see cref="Product"/>.</summary>
    public const string ProductType = "MatMul";

    /// <summary>Nodes that may go where nothing reads them any more.</summary>
    public List<NodeProto> Serving { get; init; } = [];

    /// <summary>For every dense weight, by its name, the constants that it stands for.</summary>
    public Dictionary<string, IReadOnlyList<ConstantValue>> Weights { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The name of an input; empty where it is left out.</summary>
    public string Input(int index) => Node.Input.ElementAtOrDefault(index) ?? string.Empty;

    /// <summary>Reads an input; null where it is left out or no constant.</summary>
    public DenseTensor? Read(int input) => Read(Input(input));

    /// <summary>Reads a value; null where it is no constant.</summary>
    public DenseTensor? Read(string name) =>
        Folder.Find(Scope, name, out _) is { } constant ? Folder.Read(constant, out _) : null;

    /// <summary>Whether an optional input is there but cannot be read.</summary>
    public bool IsUnknown(int input, DenseTensor? value) => value is null && Input(input).Length > 0;

    /// <summary>Adds the dense weight beside the node, named after its codes.</summary>
    /// <param name="codes">The input of the codes; constants from there on are what the weight stands for.</param>
    /// <param name="type">float32, float16 or bfloat16.</param>
    /// <param name="dims">Shape.</param>
    /// <param name="values">Elements.</param>
    /// <returns>Its name.</returns>
    public string Store(int codes, TensorProto.Types.DataType type, long[] dims, float[] values)
    {
        string name = Names.Unique($"{Input(codes)}_dense");
        Store(name, codes, type, dims, values);
        return name;
    }

    /// <summary>The same under a name.</summary>
    public void Store(string name, int codes, TensorProto.Types.DataType type, long[] dims, float[] values)
    {
        Scope.Graph!.Initializer.Add(TensorWriter.Real(name, type, dims, values));
        Weights[name] = [
            .. Node.Input.Skip(codes).Select(input => Folder.Find(Scope, input, out _)).OfType<ConstantValue>()];
    }

    /// <summary>Puts nodes in the place of the node.</summary>
    public void Replace(params IReadOnlyList<NodeProto> nodes)
    {
        NodeRemarks.Copy(Node, nodes[0]);
        Replaced[Node] = nodes;
    }

    /// <summary>y = MatMul(x, w) + bias; no Add where there is no bias.</summary>
    public IReadOnlyList<NodeProto> Product(string x, string weight, string bias, string y)
    {
        string product = bias.Length > 0 ? Names.Unique($"{y}_product") : y;
        NodeProto matMul = NodeFactory.Create(ProductType, Node.Name, [x, weight], product);
        return bias.Length == 0
            ? [matMul]
            : [matMul, NodeFactory.Create("Add", Names.Unique($"{Node.Name}_bias"), [product, bias], y)];
    }
}
