using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Operators.Products;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Operators;

/// <summary>
/// <code>
/// before                        after
/// y = alpha·A'·W' + beta·C      a = A or Transpose(A); y = DynMatMul(a, ...alpha·W', bias = beta·C)
/// y = alpha·W'·B' + beta·C      b = B or Transpose(B); t = DynMatMul(b, ...(alpha·W')^T); y = Transpose(t) + beta·C
/// </code>
/// A' is A or A^T. A C that is constant and the same for every row becomes the bias, the very tensor where beta is 1;
/// any other C is added behind. Operator sets 7 and newer, whose Add broadcasts as Gemm does. Restored as MatMul, like
/// every <c>DynMatMul</c>.
/// </summary>
internal sealed class GemmOperator : IConvertibleOperator
{
    /// <summary>The operator's type.</summary>
    public const string Type = "Gemm";

    /// <inheritdoc/>
    public string OpType => Type;

    /// <inheritdoc/>
    public IReadOnlyList<int> WeightInputs { get; } = [1, 0];

    /// <inheritdoc/>
    public ProductView ViewOf(NodeProto node, int input) =>
        new(input == 1 ? IsTransposed(node, 1) : !IsTransposed(node, 0), node.Float("alpha", 1));

    /// <inheritdoc/>
    public IReadOnlyCollection<int> DenseRowsOf(NodeProto node, int input, int rank) =>
        [ViewOf(node, input).Transposed ? 1 : 0];

    /// <inheritdoc/>
    public int RankOf(NodeProto node, Func<string, int> rankOf) => 2;

    /// <inheritdoc/>
    public Classification Classify(ConstantUse use, OperatorContext context)
    {
        NodeProto node = use.Node;
        if (ProductOperand.Of(use, context, out string? reason) is not { Dims: var dims } value)
        {
            return Classification.No(reason!);
        }

        if (dims.Length != 2)
        {
            return Classification.No(
                $"{NodeNames.Of(node)} has a weight of shape {TensorInfo.ShapeText(dims)}, expected a matrix");
        }

        ProductView view = ViewOf(node, use.Place.InputIndex);
        if (!float.IsFinite(view.Factor))
        {
            return Classification.No($"{NodeNames.Of(node)} has an alpha of {view.Factor}");
        }

        long? outputs = ProductUse.SideOf(use.Place) == WeightSide.Right ? view.ShapeOf(dims).Columns : null;
        return Classification.Yes(new Use(use, view)
        {
            Bias = ProductBiasPlanner.Plan(context.Constants, use.Scope, node, value.Type, outputs),
            Objection = ActivationFusion.Objection(use, context.Options),
        });
    }

    private static bool IsTransposed(NodeProto node, int input) => node.Int(input == 0 ? "transA" : "transB", 0) != 0;

    /// <summary>A Gemm.</summary>
    private sealed record Use(ConstantUse Constant, MatrixView View) : ProductUse(Constant, View)
    {
        public override string BiasName => Node.Input[2];

        public override string? Vectors =>
            Side == WeightSide.Right && !IsTransposed(Node, 0) ? Other : null;

        public override void Rewrite(RewriteContext context)
        {
            List<NodeProto> nodes = [];
            string y = Node.Output[0];
            string product = Bias.Kind == ProductBiasKind.Added ? context.Names.Unique($"{y}_flat_product") : y;
            if (Side == WeightSide.Right)
            {
                string x = IsTransposed(Node, 0) ? Turned(Other) : Other;
                nodes.Add(DynNodeBuilder.Create(context, Node.Name, x, BiasInput.Of(this, context), product));
            }
            else
            {
                // y = W' B' is the transpose of B'^T W'^T, so B is transposed exactly where Gemm does not do it itself.
                string x = IsTransposed(Node, 1) ? Other : Turned(Other);
                string turned = context.Names.Unique($"{y}_flat_y");
                nodes.Add(DynNodeBuilder.Create(context, Node.Name, x, string.Empty, turned));
                nodes.Add(
                    NodeFactory.Transpose(context.Names.Unique($"{Node.Name}_flat_after"), turned, product, [1, 0]));
            }

            if (Bias.Kind == ProductBiasKind.Added)
            {
                AddBehind(context, nodes, product);
            }

            context.Replace(Node, nodes);

            string Turned(string input)
            {
                string output = context.Names.Unique($"{y}_flat_x");
                string name = context.Names.Unique($"{Node.Name}_flat_before");
                nodes.Add(NodeFactory.Transpose(name, input, output, [1, 0]));
                return output;
            }
        }

        private void AddBehind(RewriteContext context, List<NodeProto> nodes, string product)
        {
            string y = Node.Output[0];
            string addend = BiasName;
            if (Bias.Factor?.Clone() is { } factor)
            {
                factor.Name = context.Names.Unique($"{y}_flat_beta");
                context.AddConstant(factor);
                addend = context.Names.Unique($"{y}_flat_scaled");
                string name = context.Names.Unique($"{Node.Name}_flat_beta");
                nodes.Add(NodeFactory.Create("Mul", name, [BiasName, factor.Name], addend));
            }

            nodes.Add(NodeFactory.Create("Add", context.Names.Unique($"{Node.Name}_flat_add"), [product, addend], y));
        }
    }
}
