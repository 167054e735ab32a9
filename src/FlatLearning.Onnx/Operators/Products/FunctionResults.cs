using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Operators.Products;

/// <summary>
/// ONNX Runtime finds the types of a model-local function's results by going through its body. A node of ours without a
/// body of its own stops it there, so that every call has to declare the types of its results: else the session does
/// not open.
/// </summary>
internal sealed class FunctionResults(GraphIndex index, ConvertOptions options)
{
    /// <summary>Why a weight of these uses has to stay; one clause, or null where it need not.</summary>
    public string? Objection(IEnumerable<WeightUse> uses) => options.ProductsHaveFunctions
        ? null
        : uses.Select(use => use.Scope.EnclosingFunction)
            .OfType<FunctionProto>()
            .Where(function => !AreDeclared(function))
            .Select(function =>
                $"it is inside the function '{function.Domain}:{function.Name}', the types of whose results the model "
                    + "does not declare, and ONNX Runtime then loads packed codes with model-local functions only")
            .FirstOrDefault();

    private bool AreDeclared(FunctionProto function) =>
        index.Scopes.All(
            scope => scope.Nodes
                .Where(node => node.OpType == function.Name
                    && NodeNames.Domain(node.Domain) == NodeNames.Domain(function.Domain))
                .All(call => scope.Graph is { } graph && scope.EnclosingFunction is null
                    && call.Output.Where(output => output.Length > 0).All(output => HasType(graph, output))));

    private static bool HasType(GraphProto graph, string value) =>
        graph.Output.Concat(graph.ValueInfo)
            .Any(declared => declared.Name == value && declared.Type?.TensorType is { ElemType: not 0 });
}
