using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Graph;

/// <summary>
/// One list of nodes with the names that it defines: the main graph, a graph inside an attribute (If, Loop, Scan and
/// others), or the body of a model-local function. A graph inside an attribute sees the names of the scopes around it;
/// a function body sees its own only.
/// </summary>
internal sealed class GraphScope
{
    private readonly Dictionary<string, GraphValue> _values = new(StringComparer.Ordinal);
    private readonly List<GraphScope> _inner = [];

    internal GraphScope(
        string description, GraphScope? outer, NodeProto? owner, GraphProto? graph, FunctionProto? function)
    {
        (Description, Outer, Owner, Graph, Function) = (description, outer, owner, graph, function);
        outer?._inner.Add(this);
    }

    /// <summary>How error texts call the scope, for example <c>the main graph</c>.</summary>
    public string Description { get; }

    /// <summary>The scope around it, or null for the main graph and for functions.</summary>
    public GraphScope? Outer { get; }

    /// <summary>The node whose attribute holds it, or null.</summary>
    public NodeProto? Owner { get; }

    /// <summary>The graph, or null for a function.</summary>
    public GraphProto? Graph { get; }

    /// <summary>The function, or null for a graph.</summary>
    public FunctionProto? Function { get; }

    /// <summary>The nodes, in file order; the model's own list.</summary>
    public IList<NodeProto> Nodes => Graph is not null ? Graph.Node : Function!.Node;

    /// <summary>The scopes directly inside, in node order.</summary>
    public IReadOnlyList<GraphScope> Inner => _inner;

    /// <summary>
    /// The names defined here, with what defines them; of a name defined twice, its first definition.
    /// </summary>
    public IReadOnlyDictionary<string, GraphValue> Values => _values;

    /// <summary>The function whose body this scope is or is inside of, or null in the main graph.</summary>
    public FunctionProto? EnclosingFunction => Function ?? Outer?.EnclosingFunction;

    /// <summary>
    /// Finds a name here or in the scopes around; null where nothing defines it, and for the empty name of an absent
    /// input.
    /// </summary>
    public GraphValue? Find(string name)
    {
        for (GraphScope? scope = this; scope is not null && name.Length > 0; scope = scope.Outer)
        {
            if (scope._values.TryGetValue(name, out GraphValue? value))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>Adds a definition.</summary>
    /// <returns>False, and nothing is changed, where the name is defined already.</returns>
    internal bool TryDefine(GraphValue value) => _values.TryAdd(value.Name, value);
}
