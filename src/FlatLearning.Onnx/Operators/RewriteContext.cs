using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Operators;

/// <summary>What a rewrite works with: the stored weight, fresh names, and the changes that it can ask for.</summary>
/// <param name="Weight">The weight, under the names that its parts have in the model.</param>
/// <param name="Names">Fresh names.</param>
/// <param name="Opset">The standard operator set of the model.</param>
/// <param name="AddConstant">Adds a constant to the graph of the node.</param>
/// <param name="Replace">Puts nodes in the place of a node of the same graph; none to remove it.</param>
/// <param name="ReplaceRoots">Puts a node that gives values of the same names in the place of constants.</param>
internal sealed record RewriteContext(
    StoredWeight Weight,
    NameAllocator Names,
    int Opset,
    Action<TensorProto> AddConstant,
    Action<NodeProto, IReadOnlyList<NodeProto>> Replace,
    Action<IReadOnlyList<GraphValue>, NodeProto> ReplaceRoots);
