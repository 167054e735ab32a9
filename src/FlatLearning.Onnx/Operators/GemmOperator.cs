using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion.Rewrites;

/// <summary>
/// <code>
/// before                                              after
/// y = alpha·A'·W' + beta·C (A' is A or A^T) a = A or Transpose(A); y = DynMatMul(a, ...alpha·W', bias = beta·C) y =
/// alpha·W'·B' + beta·C b = B or Transpose(B); t = DynMatMul(b, ...(alpha·W')^T); y = Transpose(t)
/// </code>
/// A C that is constant and the same for every row becomes the bias, the very tensor where beta is 1; any other C is
/// added behind. Operator sets 7 and newer, whose Add broadcasts as Gemm does.
/// </summary>
internal static class GemmRewrite
{
    /// <summary>The nodes that take the place of the original.</summary>
    public static IReadOnlyList<NodeProto> Apply(WeightUse use, RewriteContext context)
    {
        NodeProto node = use.Node;
        List<NodeProto> nodes = [];
        string y = node.Output[0];
        string product = use.Bias.Kind == GemmBiasKind.Added ? context.Names.Unique($"{y}_flat_product") : y;
        if (use.Side == WeightSide.Right)
        {
            string x = use.OtherTransposed ? Transposed(node.Input[0]) : node.Input[0];
            nodes.Add(DynNodeBuilder.Create(context, node.Name, x, BiasInput.Of(use, context), product));
        }
        else
        {
            // y = W' B' is the transpose of B'^T W'^T, so B is transposed exactly where Gemm does not do it itself.
            string x = use.OtherTransposed ? node.Input[1] : Transposed(node.Input[1]);
            string turned = context.Names.Unique($"{y}_flat_y");
            nodes.Add(DynNodeBuilder.Create(context, node.Name, x, string.Empty, turned));
            nodes.Add(NodeFactory.Transpose(context.Names.Unique($"{node.Name}_flat_after"), turned, product, [1, 0]));
        }

        if (use.Bias.Kind == GemmBiasKind.Added)
        {
            string addend = node.Input[2];
            if (use.Bias.Factor is { } factor)
            {
                factor.Name = context.Names.Unique($"{y}_flat_beta");
                context.AddConstant(factor);
                addend = context.Names.Unique($"{y}_flat_scaled");
                nodes.Add(
                    NodeFactory.Create(
                        "Mul", context.Names.Unique($"{node.Name}_flat_beta"), [node.Input[2], factor.Name], addend));
            }

            nodes.Add(NodeFactory.Create("Add", context.Names.Unique($"{node.Name}_flat_add"), [product, addend], y));
        }

        return nodes;

        string Transposed(string input)
        {
            string output = context.Names.Unique($"{y}_flat_x");
            nodes.Add(NodeFactory.Transpose(context.Names.Unique($"{node.Name}_flat_before"), input, output, [1, 0]));
            return output;
        }
    }
}
