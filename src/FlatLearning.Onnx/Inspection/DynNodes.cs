using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Inspection;

/// <summary>Finds and reads the nodes of ours in a model, wherever they are.</summary>
internal static class DynNodes
{
    /// <summary>Every node of ours under any name, with its scope, in walking order.</summary>
    public static IEnumerable<(GraphScope Scope, NodeProto Node)> Find(GraphIndex index) =>
        index.Scopes.SelectMany(scope => scope.Nodes.Where(Is).Select(node => (scope, node)));

    /// <summary>Whether a node has a stored weight.</summary>
    public static bool Is(NodeProto node) => IsProduct(node) || IsGather(node) || TensorOperator.Is(node);

    /// <summary>Whether a node multiplies with its weight.</summary>
    public static bool IsProduct(NodeProto node) =>
        node.Domain == DynOperator.Domain && DynOperator.IsName(node.OpType);

    /// <summary>Whether a node looks rows of its weight up.</summary>
    public static bool IsGather(NodeProto node) =>
        node.Domain == DynOperator.Domain && DynGatherOperator.IsName(node.OpType);

    /// <summary>The name of a node's operator without the number of its function.</summary>
    public static string OperatorOf(NodeProto node) =>
        IsProduct(node) ? DynOperator.Name : IsGather(node) ? DynGatherOperator.Name : TensorOperator.Name;

    /// <summary>The names of the parts of a node's weight.</summary>
    public static IEnumerable<string> Parts(NodeProto node) => node.Input.Skip(Operands(node));

    private static int Operands(NodeProto node) =>
        IsProduct(node) ? DynOperator.Operands : IsGather(node) ? DynGatherOperator.Operands : 0;

    /// <summary>The name of an input, or empty where it is absent.</summary>
    public static string InputName(NodeProto node, int position) =>
        position < node.Input.Count ? node.Input[position] : string.Empty;

    /// <summary>The name of an input of the weight, or empty where it is absent.</summary>
    public static string InputName(NodeProto node, WeightInput input) =>
        InputName(node, Operands(node) + (int)input);

    /// <summary>Whether a node's codes are entropy coded.</summary>
    public static bool IsCoded(NodeProto node) =>
        node.Attribute.Any(
            attribute => attribute.Name == WeightSchema.Storage.Name
                && attribute.S.ToStringUtf8() == StorageKinds.Entropy);

    /// <summary>
    /// What identifies the stored weight: two nodes with equal keys share it. The attributes say what its parts mean.
    /// </summary>
    public static string Key(NodeProto node) => string.Join(
        '\n',
        WeightInputs.All.Select(input => InputName(node, input))
            .Concat(node.Attribute.Select(attribute => attribute.ToString())));

    /// <summary>The name of the constant that the weight replaced: what its parts are named after.</summary>
    public static string WeightName(NodeProto node)
    {
        string part = FirstPart(node);
        int dot = part.LastIndexOf('.');
        return dot > 0 ? part[..dot] : part;
    }

    /// <summary>The name of the part that is called after the weight; empty where there is none.</summary>
    public static string FirstPart(NodeProto node) =>
        WeightInputs.Leading.Select(input => InputName(node, input)).FirstOrDefault(name => name.Length > 0)
            ?? string.Empty;

    /// <summary>Reads and checks the weight.</summary>
    /// <exception cref="OnnxModelException">The node breaks the specification.</exception>
    public static DynWeight Read(OnnxModel model, GraphScope scope, NodeProto node)
    {
        RequireOperands(node);
        try
        {
            return DynWeightReader.Read(
                node.Attribute.Where(IsOfWeight).Select(ToDyn),
                input => Constant(model, scope, InputName(node, input)));
        }
        catch (DynFormatException exception)
        {
            throw new OnnxModelException(Messages.BadNode(NodeNames.Of(node), exception.Message), exception);
        }
    }

    /// <summary>Checks what the weight says nothing of: that there is an x and one y.</summary>
    /// <exception cref="OnnxModelException">There is not.</exception>
    public static void RequireOperands(NodeProto node)
    {
        if (!TensorOperator.Is(node) && InputName(node, 0).Length == 0)
        {
            throw new OnnxModelException(
                Messages.BadNode(NodeNames.Of(node), $"its input {(IsProduct(node) ? "x" : "indices")} is absent"));
        }

        if ((!TensorOperator.Is(node) && node.Output.Count != 1)
            || node.Output.Count == 0
            || node.Output.Any(name => name.Length == 0))
        {
            throw new OnnxModelException(
                Messages.BadNode(
                    NodeNames.Of(node), $"it has {node.Output.Count(name => name.Length > 0)} outputs, expected 1"));
        }
    }

    private static bool IsOfWeight(AttributeProto attribute) =>
        WeightSchema.Attributes.Any(spec => spec.Name == attribute.Name);

    private static DynAttribute ToDyn(AttributeProto attribute) => NodeAttributes.KindOf(attribute) switch
    {
        AttributeProto.Types.AttributeType.Int => DynAttribute.Int(attribute.Name, attribute.I),
        AttributeProto.Types.AttributeType.Ints => DynAttribute.Ints(attribute.Name, [.. attribute.Ints]),
        AttributeProto.Types.AttributeType.String => DynAttribute.String(attribute.Name, attribute.S.ToStringUtf8()),
        AttributeProto.Types.AttributeType.Float => DynAttribute.Foreign(attribute.Name, DynAttributeType.Float),
        AttributeProto.Types.AttributeType.Floats => DynAttribute.Foreign(attribute.Name, DynAttributeType.Floats),
        _ => DynAttribute.Foreign(attribute.Name, DynAttributeType.Other),
    };

    private static ConstantTensor? Constant(OnnxModel model, GraphScope scope, string name)
    {
        if (scope.Find(name) is not { } value)
        {
            return null;
        }

        TensorProto? tensor = value.Initializer
            ?? (value.Producer is { } producer && ConstantNode.Is(producer) ? ConstantNode.TensorOf(producer) : null);
        return tensor is null
            ? null
            : new ConstantTensor(
                (TensorType)tensor.DataType, TensorInfo.Of(tensor).Dims, model.Tensors.ReadRaw(tensor));
    }
}
