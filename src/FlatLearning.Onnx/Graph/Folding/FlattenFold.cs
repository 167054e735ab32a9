using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Graph.Folding;

/// <summary>
/// Flatten: two dimensions, the products of those before and from the axis on (default 1; negative ones count from the
/// end).
/// </summary>
internal sealed class FlattenFold : IFoldOperator
{
    public string OpType => "Flatten";

    public DenseTensor? Evaluate(FoldInputs inputs)
    {
        if (inputs[0] is not { } x)
        {
            return null;
        }

        long axis = inputs.Node.Int("axis", 1);
        axis += axis < 0 ? x.Dims.Length : 0;
        if (axis < 0 || axis > x.Dims.Length)
        {
            return null;
        }

        long before = x.Dims.Take((int)axis).Aggregate(1L, (product, dim) => product * dim);
        long after = x.Dims.Skip((int)axis).Aggregate(1L, (product, dim) => product * dim);
        return x.WithDims([before, after]);
    }
}
