using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Graph;

/// <summary>A named value with its definition and everything that reads it.</summary>
internal sealed class GraphValue
{
    private readonly List<ValueUse> _uses = [];

    internal GraphValue(string name, GraphScope scope, ValueKind kind)
    {
        (Name, Scope, Kind) = (name, scope, kind);
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The scope that defines it.</summary>
    public GraphScope Scope { get; }

    /// <summary>What defines it. An initializer that is listed as an input as well is an initializer here.</summary>
    public ValueKind Kind { get; }

    /// <summary>The node that computes it, for <see cref="ValueKind.NodeOutput"/>.</summary>
    public NodeProto? Producer { get; internal init; }

    /// <summary>The tensor, for <see cref="ValueKind.Initializer"/>.</summary>
    public TensorProto? Initializer { get; internal init; }

    /// <summary>The tensor, for <see cref="ValueKind.SparseInitializer"/>.</summary>
    public SparseTensorProto? SparseInitializer { get; internal init; }

    /// <summary>True for an initializer that is listed among its graph's inputs too.</summary>
    public bool IsAlsoInput { get; internal init; }

    /// <summary>
    /// True where a caller may replace the initializer at run time: it is an input of the main graph too, and the IR
    /// version is 4 or more (before IR 4 every initializer had to be an input, which said nothing), or it is an input
    /// of a subgraph.
    /// </summary>
    public bool IsOverridable { get; internal init; }

    /// <summary>True where the value is an output of its own scope.</summary>
    public bool IsScopeOutput { get; internal set; }

    /// <summary>Every read by a node, in walking order; those in subgraphs included.</summary>
    public IReadOnlyList<ValueUse> Uses => _uses;

    /// <summary>Number of subgraphs that hand the value, defined outside of them, on as their output.</summary>
    public int InnerOutputCount { get; internal set; }

    internal void AddUse(ValueUse use) => _uses.Add(use);
}
