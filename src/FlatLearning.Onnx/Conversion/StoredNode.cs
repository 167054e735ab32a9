using FlatLearning.Onnx.Proto;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Conversion;

/// <summary>A new node of ours with the weight that it reads.</summary>
/// <param name="Node">The node.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="ElementType">Element type of x and y.</param>
internal sealed record StoredNode(NodeProto Node, WeightOutline Weight, DataType ElementType);
