using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Graph.Folding;

/// <summary>
/// Unsqueeze: inserts dimensions of 1 so that they end up at the axes of input 1 (of an attribute before opset 13).
/// </summary>
internal sealed class UnsqueezeFold : IFoldOperator
{
    public string OpType => "Unsqueeze";

    public DenseTensor? Evaluate(FoldInputs inputs)
    {
        if (inputs[0] is not { } x
            || inputs.Integers(1, "axes") is not { } axes
            || axes.Length > ConstantFolder.MaximalRank)
        {
            return null;
        }

        int rank = x.Dims.Length + axes.Length;
        HashSet<long> added = [.. axes.Select(axis => axis < 0 ? axis + rank : axis)];
        if (added.Count != axes.Length || !added.All(axis => axis >= 0 && axis < rank))
        {
            return null;
        }

        Queue<long> old = new(x.Dims);
        return x.WithDims([.. Enumerable.Range(0, rank).Select(axis => added.Contains(axis) ? 1 : old.Dequeue())]);
    }
}
