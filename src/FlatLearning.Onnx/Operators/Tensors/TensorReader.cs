using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Operators.Tensors;

/// <summary>What is known of an operator that reads dense weights.</summary>
/// <param name="OpType">Its type.</param>
/// <param name="Inputs">The inputs that are weights; at all others there are biases, states and the like.</param>
/// <param name="RowsOf">From a node, one of these inputs and its rank to the axes that are summed over, rising: the
/// rows of the matrix.</param>
internal sealed record TensorReader(
    string OpType, IReadOnlyList<int> Inputs, Func<NodeProto, int, int, IReadOnlyCollection<int>> RowsOf)
{
    /// <summary>Its domain; "" is the standard one.</summary>
    public string Domain { get; init; } = string.Empty;
}
