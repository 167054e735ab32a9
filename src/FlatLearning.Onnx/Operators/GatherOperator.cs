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
/// y = Gather(W, i)           y = DynGather(i, ...W)
/// </code>
/// All operator sets. W is a large table [V, D] of float32 whose rows are taken. Restored as a Gather.
/// </summary>
internal sealed class GatherOperator : IConvertibleOperator
{
    /// <summary>The operator's type.</summary>
    public const string Type = "Gather";

    // Smaller tables are stored with other small weights.
    private const long MinElements = TensorBundles.LargeWeight;

    /// <inheritdoc/>
    public string OpType => Type;

    /// <inheritdoc/>
    public bool IsProduct => false;

    /// <inheritdoc/>
    public IReadOnlyList<int> WeightInputs { get; } = [0];

    /// <inheritdoc/>
    public ProductView ViewOf(NodeProto node, int input) => new(Transposed: false);

    /// <inheritdoc/>
    public IReadOnlyCollection<int> DenseRowsOf(NodeProto node, int input, int rank)
    {
        int axis = (int)node.Int("axis", 0);
        return [Math.Clamp(axis < 0 ? axis + rank : axis, 0, rank - 1)];
    }

    /// <inheritdoc/>
    public int RankOf(NodeProto node, Func<string, int> rankOf)
    {
        (int table, int indices) = (rankOf(node.Input[0]), rankOf(node.Input[1]));
        return table == RankInference.Unknown || indices == RankInference.Unknown
            ? RankInference.Unknown
            : table + indices - 1;
    }

    /// <inheritdoc/>
    public Classification Classify(ConstantUse use, OperatorContext context)
    {
        NodeProto node = use.Node;
        string name = NodeNames.Of(node);
        if (context.Constants.InfoOf(use.Scope, use.ValueName) is not { } table)
        {
            return Classification.No($"its value cannot be computed before the model runs ({name})");
        }

        string? reason = table switch
        {
            { Dims.Length: not 2 } => $"{name} looks up in a table of shape {TensorInfo.ShapeText(table.Dims)}, "
                + "expected a matrix",
            { Type: not DataType.Float } => $"{name} looks up {ElementTypes.NameOf(table.Type)}, expected float32",
            _ when node.Int("axis", 0) is not (0 or -2) => $"{name} takes columns of its table",
            _ when context.Constants.IsConstant(use.Scope, node.Input[1]) => $"both operands of {name} are constant",
            { Count: < MinElements } => $"{table.Count} elements are fewer than {MinElements}, from which on a table "
                + "is looked up as it is stored",
            _ => null,
        };
        return reason is null
            ? Classification.Yes(new Use(use, ViewOf(node, use.Place.InputIndex)))
            : Classification.No(reason);
    }

    /// <inheritdoc/>
    public IReadOnlyList<NodeProto>? Restore(RestoreContext context)
    {
        NodeProto node = context.Node;
        return DynNodes.IsGather(node)
            ? [NodeFactory.Create(Type, node.Name, [context.Weight, node.Input[0]], node.Output[0])]
            : null;
    }

    /// <summary>A Gather.</summary>
    private sealed record Use(ConstantUse Constant, MatrixView View) : WeightUse(Constant, View)
    {
        public override string? Vectors => null;

        public override void Rewrite(RewriteContext context)
        {
            NodeProto node = context.Weight.Standard?.Lookup(Node.Name, Node.Input[1], Node.Output[0])
                ?? DynNodeBuilder.Create(
                context,
                context.Weight.NeedsLibrary ? DynGatherOperator.LibraryName : DynGatherOperator.Name,
                Node.Name,
                [Node.Input[1], .. context.Weight.InputNames],
                [Node.Output[0]]);
            context.Replace(Node, [node]);
        }
    }
}
