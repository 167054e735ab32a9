using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Graph;

/// <summary>One place where a value is read by a node, perhaps in a subgraph of the scope that defines it.</summary>
/// <param name="Scope">The scope of the node.</param>
/// <param name="Node">The reading node.</param>
/// <param name="InputIndex">Which of its inputs.</param>
internal readonly record struct ValueUse(GraphScope Scope, NodeProto Node, int InputIndex);
