using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Conversion;

/// <summary>Decides whether one reader of a constant can be rewritten, and as what.</summary>
internal sealed class UseClassifier(ModelConstants constants, ConvertOptions options)
{
    private readonly RankInference _ranks = new(constants);

    /// <summary>Whether a use is an operand of MatMul or Gemm (not Gemm's C).</summary>
    public static bool IsProduct(ValueUse use) =>
        NodeNames.Domain(use.Node.Domain).Length == 0 && use.Node.OpType is "MatMul" or "Gemm" && use.InputIndex < 2;

    /// <summary>The use as the rewrites want it, or the reason why there is none.</summary>
    public (WeightUse? Use, string? Reason) Classify(ValueUse use, IReadOnlyList<NodeProto> chain)
    {
        NodeProto node = use.Node;
        if (!IsProduct(use))
        {
            return No($"{NodeNames.Of(node)} reads it, and {Describe(node)} is not converted");
        }

        if (!options.OpTypes.Contains(node.OpType))
        {
            return No($"{node.OpType} is not among --op-types");
        }

        if (node.HasReferences())
        {
            return No($"{NodeNames.Of(node)} takes attributes from the function that it is in");
        }

        WeightSide side = use.InputIndex == 1 ? WeightSide.Right : WeightSide.Left;
        string other = node.Input[side == WeightSide.Right ? 0 : 1];
        if (constants.IsConstant(use.Scope, other))
        {
            return No($"both operands of {NodeNames.Of(node)} are constant");
        }

        TensorInfo? value = constants.InfoOf(use.Scope, node.Input[use.InputIndex]);
        if (value is null)
        {
            return No($"its value cannot be computed before the model runs ({NodeNames.Of(node)})");
        }

        if (value.Type is not (DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double))
        {
            return No(
                $"{NodeNames.Of(node)} multiplies {ElementTypes.NameOf(value.Type)}, expected a floating-point type");
        }

        return node.OpType == "MatMul" ? MatMul(use, side, other, value.Dims, chain) : Gemm(use, side, value, chain);
    }

    private (WeightUse? Use, string? Reason) MatMul(
        ValueUse use, WeightSide side, string other, long[] dims, IReadOnlyList<NodeProto> chain)
    {
        NodeProto node = use.Node;
        if (dims.Length < 2)
        {
            return No($"{NodeNames.Of(node)} multiplies with a vector, which is no weight matrix");
        }

        if (dims[..^2].Any(dim => dim != 1))
        {
            return No(
                $"{NodeNames.Of(node)} is a batched product with a weight of shape {TensorInfo.ShapeText(dims)}, "
                    + $"which is not converted");
        }

        // A right operand of rank 2 leaves the shape of y to x. Everything else depends on the rank of x.
        bool needsRank = side == WeightSide.Left || dims.Length > 2;
        int rank = needsRank ? _ranks.Of(use.Scope, other) : 0;
        if (needsRank && rank < Math.Max(2, dims.Length))
        {
            return No(
                $"the rank of '{other}', the other operand of {NodeNames.Of(node)}, is "
                    + $"{(rank >= 0 ? $"{rank}" : "not known")}, expected {Math.Max(2, dims.Length)} or more");
        }

        WeightUse matrix = new(use.Scope, node, side, side == WeightSide.Left, 1, chain) { OtherRank = rank };
        return (side == WeightSide.Right ? WithAdd(matrix, dims[^1]) : matrix, null);
    }

    // y = MatMul(x, W) + b, where nothing else reads the product.
    private WeightUse WithAdd(WeightUse matrix, long outputs)
    {
        GraphValue? product = matrix.Scope.Find(matrix.Node.Output[0]);
        if (product is not { Uses: [var reader], IsScopeOutput: false, InnerOutputCount: 0 }
            || reader.Scope != matrix.Scope
            || reader.Node.OpType != "Add" || NodeNames.Domain(reader.Node.Domain).Length != 0)
        {
            return matrix;
        }

        WeightUse added = matrix with { Add = reader.Node };
        GemmBias bias = GemmBiasPlanner.PlanAddend(constants, matrix.Scope, added.BiasName, outputs);
        return bias.Kind == GemmBiasKind.None ? matrix : added with { Bias = bias };
    }

    private (WeightUse? Use, string? Reason) Gemm(
        ValueUse use, WeightSide side, TensorInfo value, IReadOnlyList<NodeProto> chain)
    {
        long[] dims = value.Dims;
        NodeProto node = use.Node;
        if (dims.Length != 2)
        {
            return No($"{NodeNames.Of(node)} has a weight of shape {TensorInfo.ShapeText(dims)}, expected a matrix");
        }

        bool transA = node.Int("transA", 0) != 0;
        bool transB = node.Int("transB", 0) != 0;
        float alpha = node.Float("alpha", 1);
        if (!float.IsFinite(alpha))
        {
            return No($"{NodeNames.Of(node)} has an alpha of {alpha}");
        }

        bool right = side == WeightSide.Right;
        long outputs = right == transB ? dims[0] : dims[1];
        GemmBias bias = GemmBiasPlanner.Plan(constants, use.Scope, node, value.Type, right ? outputs : null);
        return (new WeightUse(use.Scope, node, side, right ? transB : !transA, alpha, chain)
        {
            OtherTransposed = right ? transA : transB,
            Bias = bias,
        }, null);
    }

    private static string Describe(NodeProto node) =>
        NodeNames.Domain(node.Domain).Length == 0 ? node.OpType : $"{node.Domain}:{node.OpType}";

    private static (WeightUse? Use, string? Reason) No(string reason) => (null, reason);
}
