using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Operators.Tensors;

/// <summary>
/// The operators whose weights are known as such, with the view that each gets; <c>docs/weights.md</c> says why. Every
/// other operator's constants are taken by their last axis.
/// </summary>
internal static class TensorReaders
{
    /// <summary>What <c>--op-types</c> calls operators that are not listed.</summary>
    public const string Other = "other";

    private static readonly TensorReader[] All =
    [
        // [M, C/g, kernel...]: sums run over channels and places.
        new("Conv", [1], (_, _, rank) => From(1, rank)),
        new("FusedConv", [1], (_, _, rank) => From(1, rank)) { Domain = NodeNames.RuntimeDomain },
        new("NhwcFusedConv", [1], (_, _, rank) => From(1, rank)) { Domain = NodeNames.RuntimeDomain },

        // [C, M/g, kernel...]: sums run over channels alone.
        new("ConvTranspose", [1], (_, _, _) => [0]),

        // W [directions, gates · hidden, inputs] and R [directions, gates · hidden, hidden].
        new("LSTM", [1, 2], (_, _, _) => [2]),
        new("GRU", [1, 2], (_, _, _) => [2]),
        new("RNN", [1, 2], (_, _, _) => [2]),

        // Tables: one row for every index.
        new("EmbedLayerNormalization", [2, 3, 4], (_, _, _) => [0]) { Domain = NodeNames.RuntimeDomain },

        // [.., K, N], or what a transposition makes of it.
        new("FusedMatMul", [1, 0], FusedRows) { Domain = NodeNames.RuntimeDomain },
        new("Attention", [1], (_, _, _) => [0]) { Domain = NodeNames.RuntimeDomain },
        new("Einsum", [0, 1, 2, 3], EinsumRows),

        // Products and tables that keep their weight dense.
        .. ConvertibleOperators.All.Select(
            one => new TensorReader(one.OpType, one.WeightInputs, one.DenseRowsOf) { Domain = one.Domain }),
    ];

    private static readonly Dictionary<(string Domain, string OpType), TensorReader> ByName =
        All.ToDictionary(one => (one.Domain, one.OpType));

    /// <summary>Their types, and <see cref="Other"/>.</summary>
    public static IReadOnlyList<string> OpTypes { get; } = [.. All.Select(one => one.OpType), Other];

    /// <summary>What is known of a node's operator; null where nothing is.</summary>
    public static TensorReader? Of(NodeProto node) =>
        ByName.GetValueOrDefault((NodeNames.Domain(node.Domain), node.OpType));

    private static int[] From(int first, int rank) => [.. Enumerable.Range(first, Math.Max(0, rank - first))];

    private static IReadOnlyCollection<int> FusedRows(NodeProto node, int input, int rank)
    {
        bool isTransposed = node.Int(input == 1 ? "transB" : "transA", 0) != 0;
        return [(input == 1) == isTransposed ? rank - 1 : rank - 2];
    }

    /// <summary>The axes of an operand that the result does not have.</summary>
    private static IReadOnlyCollection<int> EinsumRows(NodeProto node, int input, int rank)
    {
        string[] sides = (node.Attribute("equation")?.S.ToStringUtf8() ?? string.Empty).Replace(" ", string.Empty)
            .Split("->");
        string[] operands = sides[0].Split(',');
        string letters = input < operands.Length ? operands[input] : string.Empty;
        int[] summed = sides.Length == 2 && letters.Length == rank
            ? [.. Enumerable.Range(0, rank).Where(axis => !sides[1].Contains(letters[axis]))]
            : [];
        return summed.Length > 0 && summed.Length < rank ? summed : [.. Enumerable.Range(0, rank - 1)];
    }
}
