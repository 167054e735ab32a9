using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Operators.Tensors;

/// <summary>A constant that becomes an output of a node of ours.</summary>
/// <param name="Root">The constant.</param>
/// <param name="Info">Its type and shape.</param>
internal sealed record StoredTensor(GraphValue Root, TensorInfo Info);
