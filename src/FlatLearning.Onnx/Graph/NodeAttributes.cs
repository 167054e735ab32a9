using FlatLearning.Onnx.Proto;
using AttributeType = FlatLearning.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace FlatLearning.Onnx.Graph;

/// <summary>Attributes of a node by name, with their defaults.</summary>
internal static class NodeAttributes
{
    /// <summary>The attribute of that name, or null.</summary>
    public static AttributeProto? Attribute(this NodeProto node, string name)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.Attribute.FirstOrDefault(attribute => attribute.Name == name);
    }

    /// <summary>An integer attribute, or the default where it is absent.</summary>
    public static long Int(this NodeProto node, string name, long absent) =>
        node.Attribute(name) is { } attribute ? attribute.I : absent;

    /// <summary>A float attribute, or the default where it is absent.</summary>
    public static float Float(this NodeProto node, string name, float absent) =>
        node.Attribute(name) is { } attribute ? attribute.F : absent;

    /// <summary>A list of integers, or null where it is absent.</summary>
    public static long[]? Ints(this NodeProto node, string name) =>
        node.Attribute(name) is { } attribute ? [.. attribute.Ints] : null;

    /// <summary>
    /// True where some attribute takes its value from the call of the function that the node is in: it is not known
    /// here.
    /// </summary>
    public static bool HasReferences(this NodeProto node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.Attribute.Any(attribute => attribute.RefAttrName.Length > 0);
    }

    /// <summary>The type that the attribute's fields show where an old file (IR 1) leaves it unsaid.</summary>
    public static AttributeType KindOf(AttributeProto attribute)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        return attribute switch
        {
            { Type: not AttributeType.Undefined } => attribute.Type,
            { HasF: true } => AttributeType.Float,
            { HasI: true } => AttributeType.Int,
            { HasS: true } => AttributeType.String,
            { T: not null } => AttributeType.Tensor,
            { G: not null } => AttributeType.Graph,
            { Floats.Count: > 0 } => AttributeType.Floats,
            { Ints.Count: > 0 } => AttributeType.Ints,
            { Strings.Count: > 0 } => AttributeType.Strings,
            _ => AttributeType.Undefined,
        };
    }
}
