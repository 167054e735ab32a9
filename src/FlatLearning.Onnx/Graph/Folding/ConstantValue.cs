using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Graph.Folding;

/// <summary>
/// A value that is constant: an initializer, a Constant node, or a chain of folded operators down to such.
/// </summary>
/// <param name="Value">The value as the graph names it.</param>
/// <param name="Root">The stored tensor that the elements come from: at the end of the chain's first inputs.</param>
/// <param name="Chain">The operators from the root to the value, in running order; empty for a stored tensor.</param>
/// <param name="Leaves">Every stored tensor that takes part, the root first: shapes, scales and zero points
/// too.</param>
/// <param name="Evaluations">Number of operators to evaluate.</param>
internal sealed record ConstantValue(
    GraphValue Value,
    GraphValue Root,
    IReadOnlyList<NodeProto> Chain,
    IReadOnlyList<GraphValue> Leaves,
    int Evaluations);
