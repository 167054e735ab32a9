using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion.Rewrites;

/// <summary>
/// <code>
/// before                     after
/// y = MatMul(x, W)           y = DynMatMul(x, ...W)
/// y = MatMul(x, W) + b y = DynMatMul(x, ...W, bias = b) b constant [N], nothing else reads the product y = MatMul(W,
/// x) xt = Transpose(x); yt = DynMatMul(xt, ...W^T); y = Transpose(yt) x of known rank, 2 or more
/// </code>
/// All operator sets.
/// </summary>
internal static class MatMulRewrite
{
    /// <summary>The nodes that take the place of the original.</summary>
    public static IReadOnlyList<NodeProto> Apply(WeightUse use, RewriteContext context)
    {
        NodeProto node = use.Node;
        if (use.Side == WeightSide.Right)
        {
            return [
                DynNodeBuilder.Create(
                    context, node.Name, node.Input[0], BiasInput.Of(use, context), (use.Add ?? node).Output[0])];
        }

        string before = context.Names.Unique($"{node.Output[0]}_flat_x");
        string after = context.Names.Unique($"{node.Output[0]}_flat_y");
        long[] swap = [.. Enumerable.Range(0, use.OtherRank - 2), use.OtherRank - 1, use.OtherRank - 2];
        return
        [
            NodeFactory.Transpose(context.Names.Unique($"{node.Name}_flat_before"), node.Input[1], before, swap),
            DynNodeBuilder.Create(context, node.Name, before, string.Empty, after),
            NodeFactory.Transpose(context.Names.Unique($"{node.Name}_flat_after"), after, node.Output[0], swap),
        ];
    }
}
