using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Graph.Folding;

/// <summary>
/// Squeeze: removes the dimensions named by input 1 (by an attribute before opset 13), which must be 1; without names,
/// all that are.
/// </summary>
internal sealed class SqueezeFold : IFoldOperator
{
    public string OpType => "Squeeze";

    public DenseTensor? Evaluate(FoldInputs inputs)
    {
        if (inputs[0] is not { } x)
        {
            return null;
        }

        if (inputs.Integers(1, "axes") is not { } axes)
        {
            return x.WithDims([.. x.Dims.Where(dim => dim != 1)]);
        }

        HashSet<long> removed = [.. axes.Select(axis => axis < 0 ? axis + x.Dims.Length : axis)];
        return removed.Count == axes.Length
            && removed.All(axis => axis >= 0 && axis < x.Dims.Length && x.Dims[axis] == 1)
            ? x.WithDims([.. x.Dims.Where((_, axis) => !removed.Contains(axis))])
            : null;
    }
}
