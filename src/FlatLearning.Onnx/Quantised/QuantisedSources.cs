using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Quantised;

/// <summary>Operators that compute with weights in codes of their own, and a model with dense ones instead.</summary>
internal static class QuantisedSources
{
    private static readonly Dictionary<(string Domain, string OpType), IQuantisedSource> Sources =
        new IQuantisedSource[]
        {
            new DequantizeLinearSource(), new MatMulNBitsSource(), new GatherBlockQuantizedSource(),
            new DynamicQuantizeMatMulSource(), new IntegerProductSource("MatMulInteger", SourceContext.ProductType),
            new IntegerProductSource("ConvInteger", "Conv"),
        }.ToDictionary(one => (one.Domain, one.OpType));

    // What they read is codes, scales and zero points; these are only known by name.
    private static readonly HashSet<string> Others =
    [
        "QuantizeLinear", "DynamicQuantizeLinear", "QLinearConv", "QLinearMatMul", "MatMulBnb4", "MatMulIntegerToFloat",
        "MatMulInteger16", "DynamicQuantizeLSTM", "QAttention", "QGemm", "QMoE", "QEmbedLayerNormalization",
        "QLinearAdd", "QLinearMul", "QLinearLeakyRelu", "QLinearSigmoid", "QLinearSoftmax", "QLinearConcat",
        "QLinearWhere", "QLinearReduceMean", "QLinearGlobalAveragePool", "QLinearAveragePool",
    ];

    /// <summary>Whether a node computes with numbers that are quantised already.</summary>
    public static bool Has(NodeProto node) =>
        IsSource(node)
            || (NodeNames.Domain(node.Domain) is "" or NodeNames.RuntimeDomain && Others.Contains(node.OpType));

    /// <summary>Whether the weight of such a node can be had dense.</summary>
    public static bool IsSource(NodeProto node) => Of(node) is not null;

    /// <summary>A copy of a model in which nodes compute with dense weights wherever that can be had.</summary>
    /// <param name="original">The model; not changed.</param>
    /// <param name="selects">Whether a constant of a name and a number of elements, read by a node, is wanted.</param>
    public static DequantisedModel Dequantised(OnnxModel original, Func<GraphValue, NodeProto, bool> selects)
    {
        int count = 0;
        OnnxModel model = original.Clone();
        GraphIndex index = new(model.Proto);
        ConstantFolder folder = new(model, index);
        NameAllocator names = new(model.Proto);
        HashSet<string> inputs = new(StringComparer.Ordinal);
        Dictionary<string, IReadOnlyList<ConstantValue>> weights = new(StringComparer.Ordinal);
        foreach (GraphScope scope in index.Scopes.Where(scope => scope.Graph is not null))
        {
            Dictionary<NodeProto, IReadOnlyList<NodeProto>> replaced = new(ReferenceEqualityComparer.Instance);
            List<NodeProto> serving = [];
            foreach (NodeProto node in scope.Nodes)
            {
                if (Of(node) is { } source
                    && node.Input.ElementAtOrDefault(source.CodesInput) is { } codes
                    && scope.Find(codes) is { } value && selects(value, node))
                {
                    source.Replace(new SourceContext(folder, names, scope, node, replaced)
                    {
                        Serving = serving,
                        Weights = weights,
                    });
                }
            }

            if (replaced.Count > 0)
            {
                count += replaced.Keys.Count(IsSource);
                Apply(scope, replaced, serving);
                inputs.UnionWith(replaced.Keys.Concat(serving).SelectMany(node => node.Input));
            }
        }

        // What served the codes alone is read by nobody now.
        inputs.UnionWith(weights.Values.SelectMany(constants => constants).SelectMany(NamesOf));
        UnusedRemover.Remove(model.Proto, inputs);
        HashSet<object> left = new(ModelWalk.Tensors(model.Proto), ReferenceEqualityComparer.Instance);
        return new DequantisedModel(
            model,
            count,
            weights.ToDictionary(
                pair => pair.Key,
                pair => pair.Value.SelectMany(constant => constant.Leaves)
                    .Distinct()
                    .Where(leaf => TensorOf(leaf) is { } tensor && !left.Contains(tensor))
                    .Sum(leaf => ModelConstants.Stored(leaf)!.ByteLength)));
    }

    private static TensorProto? TensorOf(GraphValue leaf) =>
        leaf.Initializer ?? (leaf.Producer is { } node ? ConstantNode.TensorOf(node) : null);

    private static IEnumerable<string> NamesOf(ConstantValue constant) =>
        constant.Leaves.Select(leaf => leaf.Name).Concat(constant.Chain.Select(node => node.Output[0]));

    private static IQuantisedSource? Of(NodeProto node) =>
        Sources.GetValueOrDefault((NodeNames.Domain(node.Domain), node.OpType));

    private static void Apply(
        GraphScope scope, Dictionary<NodeProto, IReadOnlyList<NodeProto>> replaced, List<NodeProto> serving)
    {
        List<NodeProto> nodes = [.. scope.Nodes.SelectMany(node => replaced.GetValueOrDefault(node) ?? [node])];
        NodeProto? unread;
        do
        {
            HashSet<string> read = [.. nodes.SelectMany(node => node.Input)];
            unread = serving.Find(
                node => nodes.Contains(node)
                    && node.Output.All(output => !read.Contains(output) && IsInner(scope, output)));
        }
        while (unread is not null && nodes.Remove(unread));

        scope.Nodes.Clear();
        foreach (NodeProto node in nodes)
        {
            scope.Nodes.Add(node);
        }
    }

    // Whether neither subgraphs nor callers may read a value.
    private static bool IsInner(GraphScope scope, string name) =>
        scope.Find(name) is { IsScopeOutput: false, InnerOutputCount: 0 } value
            && value.Uses.All(use => use.Scope == scope);
}
