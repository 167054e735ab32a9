using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Operators.Products;
using FlatLearning.Onnx.Portable;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using AttributeType = FlatLearning.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace FlatLearning.Onnx.Operators.Tensors;

/// <summary>
/// Constants that become the outputs of one node, under the names that they have, so that whatever reads them stays as
/// it is.
/// <code>
/// before                     after
/// initializer W              W = DynWeight(...W)
/// W = Constant               W = DynWeight(...W)
/// initializers V, W          V, W = DynWeight(...V and W)
/// </code>
/// </summary>
/// <param name="Constant">One of those that read the first one.</param>
/// <param name="Tensors">The constants.</param>
/// <param name="Seen">How they are seen as a matrix.</param>
internal sealed record TensorUse(ConstantUse Constant, IReadOnlyList<StoredTensor> Tensors, MatrixView Seen)
    : WeightUse(Constant, Seen)
{
    /// <inheritdoc/>
    public override GraphScope Scope => Tensors[0].Root.Scope;

    /// <inheritdoc/>
    public override IReadOnlyList<NodeProto> Chain => [];

    /// <inheritdoc/>
    public override string ValueName => Tensors[0].Root.Name;

    /// <inheritdoc/>
    public override string? Vectors => null;

    /// <summary>
    /// Why it is no product of ours, which would be multiplied as it is stored; null where it could not be one.
    /// </summary>
    public string? DenseReason { get; init; }

    /// <summary>What numbers it holds.</summary>
    public NumberKind Numbers { get; init; }

    /// <summary>Whether codes hold its numbers exactly.</summary>
    public bool IsExact => Numbers == NumberKind.Few || (IsValues && Numbers == NumberKind.SomeHundred);

    /// <summary>
    /// Whether its elements are taken one by one and not summed up: added to others, multiplied with them, chosen.
    /// </summary>
    public bool IsValues { get; init; }

    /// <summary>How a function makes the tensors.</summary>
    public TensorForm Result => Seen is TensorView view
        ? new TensorForm(view.IsTransposed, !view.IsPlain && !view.IsTransposed, [])
        : new TensorForm(false, false, [.. Tensors.Select(tensor => tensor.Info.Dims)]);

    /// <inheritdoc/>
    public override void Rewrite(RewriteContext context) =>
        context.ReplaceRoots([.. Tensors.Select(tensor => tensor.Root)], Stored(context));

    private NodeProto Stored(RewriteContext context)
    {
        string name = Tensors.Count == 1 ? Tensors[0].Root.Producer?.Name ?? string.Empty : string.Empty;
        if (context.Weight.Standard is { } standard)
        {
            return standard.Dense(name, Tensors[0].Root.Name);
        }

        NodeProto node = DynNodeBuilder.Create(
            context, TensorOperator.Name, name, context.Weight.InputNames,
            [.. Tensors.Select(tensor => tensor.Root.Name)]);
        if (Seen is not TensorView view)
        {
            node.Attribute.Add(
                NodeFactory.Ints(TensorOperator.Dims, Tensors.SelectMany(tensor => tensor.Info.Dims)));
            node.Attribute.Add(
                NodeFactory.Ints(TensorOperator.Ranks, Tensors.Select(tensor => (long)tensor.Info.Dims.Length)));
            return node;
        }

        long[] dims = view.IsPlain || view.IsTransposed ? Tensors[0].Info.Dims : view.Ordered(Tensors[0].Info.Dims);
        node.Attribute.Add(NodeFactory.Ints(TensorOperator.Dims, dims));
        if (context.Opset < OpBuilder.AttributeOpset)
        {
            node.Attribute.Add(
                new AttributeProto { Name = TensorOperator.DimsValue, Type = AttributeType.Tensor,
                    T = Value(dims, context.Opset) });
        }

        if (view.IsTransposed)
        {
            node.Attribute.Add(NodeFactory.Int(TensorOperator.Transposed, 1));
        }
        else if (!view.IsPlain)
        {
            node.Attribute.Add(NodeFactory.Ints(TensorOperator.Perm, view.Back()));
        }

        return node;
    }

    // Constants of old operator sets hold no integers.
    private static TensorProto Value(long[] dims, int opset) => opset < OpBuilder.IntegerOpset
        ? TensorWriter.Float32(string.Empty, [dims.Length], Array.ConvertAll(dims, dim => (float)dim))
        : TensorWriter.Int64(string.Empty, [dims.Length], dims);
}
