using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Graph;

/// <summary>
/// Who defines and who reads each value of a model: the main graph, subgraphs, functions. A picture of the model as it
/// was when the index was made; make a new one after a rewrite. Training graphs are left out.
/// </summary>
internal sealed class GraphIndex
{
    private readonly List<GraphScope> _scopes = [];
    private readonly List<(GraphScope Scope, string Name)> _duplicates = [];
    private readonly Dictionary<GraphProto, GraphScope> _byGraph = new(ReferenceEqualityComparer.Instance);
    private Dictionary<GraphScope, int>? _numbers;
    private readonly bool _initializersCanBeOverridden;

    /// <summary>Indexes a model. Faults in it do not matter here: the validator reports them.</summary>
    public GraphIndex(ModelProto model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _initializersCanBeOverridden = model.IrVersion >= 4;
        Main = AddGraph("the main graph", null, null, model.Graph ?? new GraphProto());
        foreach (FunctionProto function in model.Functions)
        {
            AddFunction(function);
        }

        foreach (GraphScope scope in _scopes)
        {
            Connect(scope);
        }
    }

    /// <summary>The main graph.</summary>
    public GraphScope Main { get; }

    /// <summary>
    /// Every scope: the main graph and its subgraphs, outer before inner, in node order; then each function with its
    /// subgraphs.
    /// </summary>
    public IReadOnlyList<GraphScope> Scopes => _scopes;

    /// <summary>Where a scope is among <see cref="Scopes"/>.</summary>
    public int NumberOf(GraphScope scope)
    {
        _numbers ??= _scopes.Select((one, i) => (one, i)).ToDictionary(
            item => item.one, item => item.i, (IEqualityComparer<GraphScope>)ReferenceEqualityComparer.Instance);
        return _numbers[scope];
    }

    /// <summary>Names that are defined more than once in one scope, which ONNX forbids.</summary>
    internal IReadOnlyList<(GraphScope Scope, string Name)> Duplicates => _duplicates;

    /// <summary>The scope of a graph of the model, by reference.</summary>
    public GraphScope ScopeOf(GraphProto graph) => _byGraph[graph];

    private GraphScope AddGraph(string description, GraphScope? outer, NodeProto? owner, GraphProto graph)
    {
        GraphScope scope = new(description, outer, owner, graph, null);
        _scopes.Add(scope);
        _byGraph[graph] = scope;
        HashSet<string> inputs = [.. graph.Input.Select(input => input.Name)];
        foreach (TensorProto tensor in graph.Initializer)
        {
            bool isInput = inputs.Contains(tensor.Name);
            Define(new GraphValue(tensor.Name, scope, ValueKind.Initializer)
            {
                Initializer = tensor,
                IsAlsoInput = isInput,
                IsOverridable = isInput && (outer is not null || _initializersCanBeOverridden),
            });
        }

        foreach (SparseTensorProto tensor in graph.SparseInitializer)
        {
            string name = tensor.Values?.Name ?? "";
            bool isInput = inputs.Contains(name);
            Define(new GraphValue(name, scope, ValueKind.SparseInitializer)
            {
                SparseInitializer = tensor,
                IsAlsoInput = isInput,
                IsOverridable = isInput && (outer is not null || _initializersCanBeOverridden),
            });
        }

        HashSet<string> initialized = [.. scope.Values.Keys];
        foreach (ValueInfoProto input in graph.Input)
        {
            // An input that names an initializer is that initializer's default; a second input of one name is a fault
            // all the same.
            if (!initialized.Remove(input.Name))
            {
                Define(new GraphValue(input.Name, scope, ValueKind.Input));
            }
        }

        AddNodes(scope);
        return scope;
    }

    private void AddFunction(FunctionProto function)
    {
        GraphScope scope = new($"function '{function.Domain}:{function.Name}'", null, null, null, function);
        _scopes.Add(scope);
        foreach (string input in function.Input)
        {
            Define(new GraphValue(input, scope, ValueKind.Input));
        }

        AddNodes(scope);
    }

    private void AddNodes(GraphScope scope)
    {
        foreach (NodeProto node in scope.Nodes)
        {
            foreach (string output in node.Output.Where(output => output.Length > 0))
            {
                Define(new GraphValue(output, scope, ValueKind.NodeOutput) { Producer = node });
            }
        }

        foreach (NodeProto node in scope.Nodes)
        {
            foreach (AttributeProto attribute in node.Attribute)
            {
                foreach (GraphProto graph in ModelWalk.AttributeGraphs(attribute))
                {
                    AddGraph($"the {attribute.Name} of {NodeNames.Of(node)}", scope, node, graph);
                }
            }
        }
    }

    private void Define(GraphValue value)
    {
        if (!value.Scope.TryDefine(value))
        {
            _duplicates.Add((value.Scope, value.Name));
        }
    }

    private static void Connect(GraphScope scope)
    {
        foreach (NodeProto node in scope.Nodes)
        {
            for (int i = 0; i < node.Input.Count; i++)
            {
                scope.Find(node.Input[i])?.AddUse(new ValueUse(scope, node, i));
            }
        }

        IEnumerable<string> outputs = scope.Graph is not null
            ? scope.Graph.Output.Select(output => output.Name)
            : scope.Function!.Output;
        foreach (string output in outputs)
        {
            if (scope.Find(output) is { } value)
            {
                value.IsScopeOutput |= ReferenceEquals(value.Scope, scope);
                value.InnerOutputCount += ReferenceEquals(value.Scope, scope) ? 0 : 1;
            }
        }
    }
}
