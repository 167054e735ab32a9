namespace FlatLearning.Onnx.Graph;

/// <summary>Where a named value comes from.</summary>
internal enum ValueKind
{
    /// <summary>An input of a graph or function: the caller, or the node that owns the subgraph, gives it.</summary>
    Input,

    /// <summary>A dense initializer.</summary>
    Initializer,

    /// <summary>A sparse initializer.</summary>
    SparseInitializer,

    /// <summary>An output of a node.</summary>
    NodeOutput,
}
