using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Operators;

/// <summary>Every operator that can be converted. Whoever looks for weights asks here and names no operator.</summary>
internal static class ConvertibleOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<IConvertibleOperator> All { get; } =
        [new MatMulOperator(), new GemmOperator(), new GatherOperator()];

    private static readonly Dictionary<(string Domain, string OpType), IConvertibleOperator> ByName =
        All.ToDictionary(one => (one.Domain, one.OpType));

    /// <summary>Their types, in the order of the registry.</summary>
    public static IReadOnlyList<string> OpTypes { get; } = [.. All.Select(one => one.OpType)];

    /// <summary>The operator of a node; null where it cannot be converted.</summary>
    public static IConvertibleOperator? Of(NodeProto node) =>
        ByName.GetValueOrDefault((NodeNames.Domain(node.Domain), node.OpType));

    /// <summary>The operator of a node where that is a matrix product; else null.</summary>
    public static IConvertibleOperator? ProductOf(NodeProto node) =>
        Of(node) is { IsProduct: true } known ? known : null;

    /// <summary>Whether a use is at an input that may be a weight.</summary>
    public static bool TakesWeight(ValueUse use) => Of(use.Node)?.WeightInputs.Contains(use.InputIndex) == true;

    /// <summary>Standard nodes in place of one of ours, from the first operator that knows it.</summary>
    public static IReadOnlyList<NodeProto> Restore(RestoreContext context) =>
        All.Select(one => one.Restore(context)).First(nodes => nodes is not null)!;
}
