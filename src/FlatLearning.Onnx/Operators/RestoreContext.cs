using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Operators;

/// <summary>One of our nodes that is to become standard nodes again.</summary>
/// <param name="Scope">The scope of the node.</param>
/// <param name="Node">The node.</param>
/// <param name="Weight">Name of its decoded weight, [K, N].</param>
/// <param name="Type">Element type of the decoded weight.</param>
/// <param name="Names">Fresh names.</param>
internal sealed record RestoreContext(
    GraphScope Scope, NodeProto Node, string Weight, DataType Type, NameAllocator Names);
