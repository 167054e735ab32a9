using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Validation;

/// <summary>
/// Every node has a type from an operator set that its model or function imports, and no attribute twice or without a
/// name.
/// </summary>
internal static class NodeRules
{
    public static IEnumerable<string> Check(ModelProto model, GraphIndex index)
    {
        HashSet<string> imported = Domains(model.OpsetImport);
        foreach (GraphScope scope in index.Scopes)
        {
            HashSet<string> known = scope.EnclosingFunction is { } function
                ? [.. Domains(function.OpsetImport), .. imported]
                : imported;
            foreach (NodeProto node in scope.Nodes)
            {
                string name = NodeNames.Of(node);
                if (node.OpType.Length == 0)
                {
                    yield return Messages.NodeWithoutType(scope.Description, name);
                }

                if (!known.Contains(NodeNames.Domain(node.Domain)))
                {
                    yield return Messages.DomainNotImported(scope.Description, name, node.Domain);
                }

                if (node.Attribute.Any(attribute => attribute.Name.Length == 0))
                {
                    yield return Messages.AttributeWithoutName(scope.Description, name);
                }

                HashSet<string> attributes = [];
                foreach (AttributeProto attribute in node.Attribute.Where(attribute => !attributes.Add(attribute.Name)))
                {
                    yield return Messages.AttributeTwice(scope.Description, name, attribute.Name);
                }
            }
        }
    }

    private static HashSet<string> Domains(IEnumerable<OperatorSetIdProto> opsets) =>
        [.. opsets.Select(opset => NodeNames.Domain(opset.Domain))];
}
