using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Operators.Products;

/// <summary>Makes DynMatMul nodes; schemas/DynMatMul.md.</summary>
internal static class DynNodeBuilder
{
    /// <summary>
    /// A node under the operator's plain name; <see cref="Portable.PortableFunctions"/> may number it later.
    /// </summary>
    public static NodeProto Create(RewriteContext context, string name, string x, string bias, string y)
    {
        List<string> inputs = [x, bias, .. context.Weight.InputNames];
        while (inputs[^1].Length == 0)
        {
            inputs.RemoveAt(inputs.Count - 1);
        }

        bool needsLibrary = context.Weight.Attributes.Any(
            attribute => attribute.Name == WeightSchema.Storage.Name && attribute.Text == StorageKinds.Entropy);
        NodeProto node = NodeFactory.Create(needsLibrary ? DynOperator.LibraryName : DynOperator.Name, name, inputs, y);
        node.Domain = DynOperator.Domain;
        node.Attribute.Add(context.Weight.Attributes.Select(ToProto));
        return node;
    }

    private static AttributeProto ToProto(DynAttribute attribute) => attribute.Type switch
    {
        DynAttributeType.Int => NodeFactory.Int(attribute.Name, attribute.Integers[0]),
        DynAttributeType.Ints => NodeFactory.Ints(attribute.Name, attribute.Integers),
        _ => NodeFactory.Text(attribute.Name, attribute.Text),
    };
}
