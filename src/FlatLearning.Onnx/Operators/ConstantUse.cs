using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Operators;

/// <summary>A node that computes with a stored constant, and how the constant gets there.</summary>
/// <param name="Place">The node and its input.</param>
/// <param name="Chain">The nodes between the stored constant and this node, in order: Transpose, Reshape, Cast and the
/// like.</param>
/// <param name="Stored">Type and shape of the constant at the chain's begin.</param>
internal sealed record ConstantUse(ValueUse Place, IReadOnlyList<NodeProto> Chain, TensorInfo Stored)
{
    /// <summary>The scope of the node.</summary>
    public GraphScope Scope => Place.Scope;

    /// <summary>The node.</summary>
    public NodeProto Node => Place.Node;

    /// <summary>Name of the value that reaches the node.</summary>
    public string ValueName => Place.Node.Input[Place.InputIndex];
}
