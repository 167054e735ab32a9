using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Graph.Folding;

/// <summary>A node whose inputs are all constant, with their values.</summary>
/// <param name="Node">The node.</param>
/// <param name="Values">One per input of the node; null for an optional one that is left out.</param>
internal sealed record FoldInputs(NodeProto Node, IReadOnlyList<DenseTensor?> Values)
{
    /// <summary>The input at an index, or null where it is left out or beyond the node's list.</summary>
    public DenseTensor? this[int index] => index < Values.Count ? Values[index] : null;

    /// <summary>
    /// The whole numbers of a one-dimensional input or of an attribute of older operator sets; null where both are
    /// absent.
    /// </summary>
    public long[]? Integers(int input, string attribute)
    {
        if (this[input] is not { } tensor)
        {
            return Node.Ints(attribute);
        }

        long[] numbers = new long[tensor.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (long)tensor[i];
        }

        return numbers;
    }
}
