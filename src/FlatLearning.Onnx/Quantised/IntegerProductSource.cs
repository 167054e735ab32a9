using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Quantised;

/// <summary>
/// Products of dynamically quantised inputs, as ONNX Runtime's quantiser writes them:
/// <code>
/// xq, xs, xz = DynamicQuantizeLinear(x)
/// y = Cast(MatMulInteger(xq, B, xz, bz)) · (xs · bs)      W = (B - bz) bs
/// </code>
/// become MatMul(x, W); ConvInteger likewise Conv. Per column, or per output channel.
/// </summary>
/// <param name="opType">MatMulInteger or ConvInteger.</param>
/// <param name="denseType">MatMul or Conv.</param>
internal sealed class IntegerProductSource(string opType, string denseType) : IQuantisedSource
{
    private const int Zero = 3;

    /// <inheritdoc/>
    public string OpType => opType;

    /// <inheritdoc/>
    public string Domain => string.Empty;

    /// <inheritdoc/>
    public int CodesInput => 1;

    /// <inheritdoc/>
    public void Replace(SourceContext context)
    {
        if (Producer(context, context.Input(0)) is not { OpType: "DynamicQuantizeLinear" } quantise
            || quantise.Output.Count < 3
            || context.Input(2) != quantise.Output[2]
            || OnlyReader(context, context.Node) is not { OpType: "Cast" } cast
            || cast.Int("to", 0) != (long)DataType.Float
            || OnlyReader(context, cast) is not { OpType: "Mul" } scaled)
        {
            return;
        }

        string factors = Other(scaled, cast.Output[0]);
        if (Producer(context, factors) is not { OpType: "Mul" } product || !product.Input.Contains(quantise.Output[1]))
        {
            return;
        }

        string scale = Other(product, quantise.Output[1]);
        if (ScaledCodes.Read(context, CodesInput, scale, context.Input(Zero), alongFirst: denseType == "Conv")
            is not { } weight)
        {
            return;
        }

        string name = context.Store(CodesInput, weight.Type, weight.Dims, weight.Singles!);
        NodeProto dense =
            NodeFactory.Create(denseType, context.Node.Name, [quantise.Input[0], name], scaled.Output[0]);
        dense.Attribute.Add(context.Node.Attribute.Select(attribute => attribute.Clone()));
        NodeRemarks.Copy(context.Node, dense);
        context.Replaced[context.Node] = [];
        context.Replaced[cast] = [];
        context.Replaced[scaled] = [dense];
        context.Serving.AddRange([product, quantise]);
    }

    private static string Other(NodeProto node, string input) => node.Input[node.Input[0] == input ? 1 : 0];

    // Of the same graph alone.
    private static NodeProto? Producer(SourceContext context, string name) =>
        context.Scope.Find(name) is { Producer: { } node } value && value.Scope == context.Scope
            && NodeNames.Domain(node.Domain).Length == 0
            ? node
            : null;

    private static NodeProto? OnlyReader(SourceContext context, NodeProto node) =>
        context.Scope.Find(node.Output[0]) is { Uses: [var use], IsScopeOutput: false, InnerOutputCount: 0 }
            && use.Scope == context.Scope && NodeNames.Domain(use.Node.Domain).Length == 0
            ? use.Node
            : null;
}
