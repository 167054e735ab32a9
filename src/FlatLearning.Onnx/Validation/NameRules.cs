using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Validation;

/// <summary>
/// Every name has one definition in its scope, and every name that is read has one in sight. A subgraph may define a
/// name of an outer scope anew: exporters do so, and hosts resolve it to the inner one.
/// </summary>
internal static class NameRules
{
    public static IEnumerable<string> Check(GraphIndex index)
    {
        foreach ((GraphScope scope, string name) in index.Duplicates)
        {
            yield return name.Length == 0
                ? Messages.InitializerWithoutName(scope.Description)
                : Messages.ValueTwice(scope.Description, name);
        }

        foreach (GraphScope scope in index.Scopes)
        {
            if (scope.Values.TryGetValue("", out GraphValue? unnamed)
                && unnamed.Kind is ValueKind.Initializer or ValueKind.SparseInitializer)
            {
                yield return Messages.InitializerWithoutName(scope.Description);
            }

            foreach (NodeProto node in scope.Nodes)
            {
                foreach (string input in node.Input.Where(input => input.Length > 0 && scope.Find(input) is null))
                {
                    yield return Messages.ValueUndefined(scope.Description, NodeNames.Of(node), input);
                }
            }

            IEnumerable<string> outputs = scope.Graph is not null
                ? scope.Graph.Output.Select(output => output.Name)
                : scope.Function!.Output;
            foreach (string output in outputs.Where(output => scope.Find(output) is null))
            {
                yield return Messages.OutputUndefined(scope.Description, output);
            }
        }
    }
}
