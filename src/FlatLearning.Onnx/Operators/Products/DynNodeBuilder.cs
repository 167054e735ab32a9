using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Operators.Products;

/// <summary>Makes nodes of ours; schemas/DynMatMul.md.</summary>
internal static class DynNodeBuilder
{
    /// <summary>
    /// A node under the operator's plain name; <see cref="Portable.PortableFunctions"/> may number it later.
    /// </summary>
    public static NodeProto Create(RewriteContext context, string name, string x, string bias, string y) =>
        context.Weight.Standard?.Product(name, x, bias, y) ?? Create(
        context, context.Weight.NeedsLibrary ? DynOperator.LibraryName : DynOperator.Name, name,
        [x, bias, .. context.Weight.InputNames], [y]);

    /// <summary>A node of any of our operators.</summary>
    public static NodeProto Create(
        RewriteContext context, string type, string name, IEnumerable<string> operandsAndParts,
        IReadOnlyList<string> outputs)
    {
        List<string> inputs = [.. operandsAndParts];
        while (inputs[^1].Length == 0)
        {
            inputs.RemoveAt(inputs.Count - 1);
        }

        NodeProto node = NodeFactory.Create(type, name, inputs, outputs[0]);
        node.Output.Add(outputs.Skip(1));
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
