using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Inspection;
using FlatLearning.Onnx.Operators.Products;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Operators;

/// <summary>
/// <code>
/// before                     after
/// y = MatMul(x, W)           y = DynMatMul(x, ...W)
/// y = MatMul(x, W) + b       y = DynMatMul(x, ...W, bias = b)
/// y = MatMul(W, x)           xt = Transpose(x); yt = DynMatMul(xt, ...W^T); y = Transpose(yt)
/// </code>
/// All operator sets. b is a constant [N], and nothing else reads the product; x on the right is of known rank, 2 or
/// more. Every <c>DynMatMul</c> is restored as a MatMul, and an Add for its bias.
/// </summary>
internal sealed class MatMulOperator : IConvertibleOperator
{
    /// <summary>The operator's type.</summary>
    public const string Type = "MatMul";

    /// <inheritdoc/>
    public string OpType => Type;

    /// <inheritdoc/>
    public IReadOnlyList<int> WeightInputs { get; } = [1, 0];

    /// <inheritdoc/>
    public ProductView ViewOf(NodeProto node, int input) => new(Transposed: input == 0);

    /// <inheritdoc/>
    public IReadOnlyCollection<int> DenseRowsOf(NodeProto node, int input, int rank) =>
        [input == 1 ? Math.Max(0, rank - 2) : rank - 1];

    /// <inheritdoc/>
    public int RankOf(NodeProto node, Func<string, int> rankOf)
    {
        int[] ranks = [.. node.Input.Select(rankOf)];
        return ranks.Contains(RankInference.Unknown) ? RankInference.Unknown : ranks.Max();
    }

    /// <inheritdoc/>
    public Classification Classify(ConstantUse use, OperatorContext context)
    {
        if (ProductOperand.Of(use, context, out string? reason) is not { Dims: var dims })
        {
            return Classification.No(reason!);
        }

        string name = NodeNames.Of(use.Node);
        if (dims.Length < 2)
        {
            return Classification.No($"{name} multiplies with a vector, which is no weight matrix");
        }

        if (dims[..^2].Any(dim => dim != 1))
        {
            return Classification.No(
                $"{name} is a batched product with a weight of shape {TensorInfo.ShapeText(dims)}, "
                    + "which is not converted");
        }

        // A right operand of rank 2 leaves the shape of y to x. Everything else depends on the rank of x.
        bool isRight = ProductUse.SideOf(use.Place) == WeightSide.Right;
        bool needsRank = !isRight || dims.Length > 2;
        string other = ProductUse.OtherOf(use.Place);
        int rank = needsRank ? context.Ranks.Of(use.Scope, other) : 0;
        if (needsRank && rank < Math.Max(2, dims.Length))
        {
            return Classification.No(
                $"the rank of '{other}', the other operand of {name}, is "
                    + $"{(rank >= 0 ? $"{rank}" : "not known")}, expected {Math.Max(2, dims.Length)} or more");
        }

        Use matrix = new(use, ViewOf(use.Node, use.Place.InputIndex)) { OtherRank = rank };
        return Classification.Yes(isRight ? WithAdd(matrix, dims[^1], context.Constants) : matrix);
    }

    /// <inheritdoc/>
    public IReadOnlyList<NodeProto>? Restore(RestoreContext context)
    {
        NodeProto node = context.Node;
        if (!DynNodes.IsProduct(node))
        {
            return null;
        }

        (string y, string bias) = (node.Output[0], DynNodes.InputName(node, DynOperator.Bias));
        string product = bias.Length > 0 ? context.Names.Unique($"{y}_product") : y;
        List<NodeProto> nodes = [NodeFactory.Create(Type, node.Name, [node.Input[0], context.Weight], product)];
        if (bias.Length == 0)
        {
            return nodes;
        }

        // A bias that conversion had to widen (of a bfloat16 model) is narrowed again, so that Add sees one type.
        DataType stored =
            (context.Scope.Find(bias) is { } value ? ModelConstants.Stored(value)?.Type : null) ?? context.Type;
        if (stored != context.Type)
        {
            string cast = context.Names.Unique($"{bias}_cast");
            NodeProto narrowed = NodeFactory.Create("Cast", context.Names.Unique($"{node.Name}_cast"), [bias], cast);
            narrowed.Attribute.Add(NodeFactory.Int("to", (long)context.Type));
            nodes.Add(narrowed);
            bias = cast;
        }

        NodeProto? kept = NodeRemarks.Kept(node);
        string added = kept is { Name.Length: > 0 } ? kept.Name : $"{node.Name}_bias";
        NodeProto sum = NodeFactory.Create("Add", context.Names.Unique(added), [product, bias], y);
        NodeRemarks.Copy(kept ?? new NodeProto(), sum);
        nodes.Add(sum);
        return nodes;
    }

    // y = MatMul(x, W) + b, where nothing else reads the product.
    private static Use WithAdd(Use matrix, long outputs, ModelConstants constants)
    {
        GraphValue? product = matrix.Scope.Find(matrix.Node.Output[0]);
        if (product is not { Uses: [var reader], IsScopeOutput: false, InnerOutputCount: 0 }
            || reader.Scope != matrix.Scope
            || reader.Node.OpType != "Add" || NodeNames.Domain(reader.Node.Domain).Length != 0)
        {
            return matrix;
        }

        Use added = matrix with { Add = reader.Node };
        ProductBias bias = ProductBiasPlanner.PlanAddend(constants, matrix.Scope, added.BiasName, outputs);
        return bias.Kind == ProductBiasKind.None ? matrix : added with { Bias = bias };
    }

    /// <summary>A MatMul, and the Add behind it.</summary>
    private sealed record Use(ConstantUse Constant, MatrixView View) : ProductUse(Constant, View)
    {
        /// <summary>Rank of the other operand, where the rewrite needs it; else 0.</summary>
        public int OtherRank { get; init; }

        /// <summary>The only reader, an Add whose other operand becomes the bias; or null.</summary>
        public NodeProto? Add { get; init; }

        public override string BiasName => Add!.Input[Add.Input[0] == Node.Output[0] ? 1 : 0];

        public override string? Vectors => Side == WeightSide.Right ? Other : null;

        public override void Rewrite(RewriteContext context)
        {
            if (Add is not null)
            {
                // In the place of the Add, behind which its other operand is known also where a node computes that.
                NodeProto fused = Product(context, Add.Output[0]);
                NodeRemarks.Copy(Node, fused);
                NodeRemarks.Keep(Add, fused);
                context.Replace(Node, []);
                context.Replace(Add, [fused]);
                return;
            }

            context.Replace(
                Node, Side == WeightSide.Right ? [Product(context, Node.Output[0])] : BetweenTransposes(context));
        }

        private NodeProto Product(RewriteContext context, string y) =>
            DynNodeBuilder.Create(context, Node.Name, Other, BiasInput.Of(this, context), y);

        private NodeProto[] BetweenTransposes(RewriteContext context)
        {
            string y = Node.Output[0];
            string before = context.Names.Unique($"{y}_flat_x");
            string after = context.Names.Unique($"{y}_flat_y");
            long[] swap = [.. Enumerable.Range(0, OtherRank - 2), OtherRank - 1, OtherRank - 2];
            return
            [
                NodeFactory.Transpose(context.Names.Unique($"{Node.Name}_flat_before"), Other, before, swap),
                DynNodeBuilder.Create(context, Node.Name, before, string.Empty, after),
                NodeFactory.Transpose(context.Names.Unique($"{Node.Name}_flat_after"), after, y, swap),
            ];
        }
    }
}
