using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion;

/// <summary>What becomes of one scope.</summary>
/// <param name="Nodes">Its nodes afterwards, in order.</param>
/// <param name="Removed">Nodes that it had and has no more.</param>
/// <param name="Added">Nodes that it did not have.</param>
/// <param name="Initializers">Initializers that it gets; none in a function, whose constants are nodes.</param>
/// <param name="Types">Types of values that it gets to declare.</param>
internal sealed record ScopeEdit(
    IReadOnlyList<NodeProto> Nodes,
    IReadOnlyList<NodeProto> Removed,
    IReadOnlyList<NodeProto> Added,
    IReadOnlyList<TensorProto> Initializers,
    IReadOnlyList<ValueInfoProto> Types);
