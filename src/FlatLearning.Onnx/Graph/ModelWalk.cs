using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Graph;

/// <summary>
/// Visits every node, graph and tensor of a model in one fixed order: main graph, functions, training graphs, each from
/// first to last.
/// </summary>
internal static class ModelWalk
{
    /// <summary>
    /// Every graph: the main one, then those inside attributes, outer before inner, in node order; training graphs
    /// last.
    /// </summary>
    public static IEnumerable<GraphProto> Graphs(ModelProto model)
    {
        ArgumentNullException.ThrowIfNull(model);
        IEnumerable<GraphProto> roots = model.Graph is null ? [] : [model.Graph];
        return roots.SelectMany(GraphAndInner)
            .Concat(
                model.Functions.SelectMany(
                    function => Defaults(function).Concat(function.Node.SelectMany(InnerGraphs))))
            .Concat(model.TrainingInfo.SelectMany(TrainingGraphs));
    }

    /// <summary>Every list of nodes: that of each graph and of each function body.</summary>
    public static IEnumerable<IList<NodeProto>> NodeLists(ModelProto model) =>
        Graphs(model)
            .Select(graph => (IList<NodeProto>)graph.Node)
            .Concat(model.Functions.Select(function => (IList<NodeProto>)function.Node));

    /// <summary>Every tensor: initializers, the values and indices of sparse ones, and those in attributes.</summary>
    public static IEnumerable<TensorProto> Tensors(ModelProto model)
    {
        IEnumerable<TensorProto> initializers = Graphs(model)
            .SelectMany(graph => graph.Initializer.Concat(graph.SparseInitializer.SelectMany(Parts)));
        IEnumerable<AttributeProto> attributes = NodeLists(model)
            .SelectMany(nodes => nodes.SelectMany(node => node.Attribute))
            .Concat(model.Functions.SelectMany(function => function.AttributeProto));
        return initializers.Concat(attributes.SelectMany(AttributeTensors));
    }

    /// <summary>The graphs directly or deeper inside a node's attributes, outer before inner.</summary>
    public static IEnumerable<GraphProto> InnerGraphs(NodeProto node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.Attribute.SelectMany(AttributeGraphs).SelectMany(GraphAndInner);
    }

    /// <summary>The graphs of one attribute, without those inside them.</summary>
    public static IEnumerable<GraphProto> AttributeGraphs(AttributeProto attribute)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        return attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G);
    }

    private static IEnumerable<GraphProto> GraphAndInner(GraphProto graph) =>
        graph.Node.SelectMany(InnerGraphs).Prepend(graph);

    private static IEnumerable<GraphProto> Defaults(FunctionProto function) =>
        function.AttributeProto.SelectMany(AttributeGraphs).SelectMany(GraphAndInner);

    private static IEnumerable<GraphProto> TrainingGraphs(TrainingInfoProto training)
    {
        IEnumerable<GraphProto?> graphs = [training.Initialization, training.Algorithm];
        return graphs.OfType<GraphProto>().SelectMany(GraphAndInner);
    }

    /// <summary>The tensors of one attribute, without those of graphs inside it.</summary>
    internal static IEnumerable<TensorProto> AttributeTensors(AttributeProto attribute)
    {
        IEnumerable<TensorProto> tensors = attribute.T is null
            ? attribute.Tensors
            : attribute.Tensors.Prepend(attribute.T);
        IEnumerable<SparseTensorProto> sparse = attribute.SparseTensor is null
            ? attribute.SparseTensors
            : attribute.SparseTensors.Prepend(attribute.SparseTensor);
        return tensors.Concat(sparse.SelectMany(Parts));
    }

    /// <summary>The tensors that a sparse one is made of.</summary>
    internal static IEnumerable<TensorProto> Parts(SparseTensorProto sparse)
    {
        IEnumerable<TensorProto?> parts = [sparse.Values, sparse.Indices];
        return parts.OfType<TensorProto>();
    }
}
