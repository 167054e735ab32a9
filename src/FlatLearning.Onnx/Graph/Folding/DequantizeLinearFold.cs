using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Graph.Folding;

/// <summary>
/// DequantizeLinear: y = (x - zero_point) * scale in the scale's type, with one scale for the tensor, one per slice of
/// an axis (opset 13), or one per block of <c>block_size</c> along an axis (opset 21, where scale has the rank of x).
/// </summary>
internal sealed class DequantizeLinearFold : IFoldOperator
{
    public string OpType => "DequantizeLinear";

    public DenseTensor? Evaluate(FoldInputs inputs)
    {
        if (inputs[0] is not { } x || inputs[1] is not { } scale)
        {
            return null;
        }

        DenseTensor? zero = inputs[2];
        if (zero is not null && !zero.Dims.SequenceEqual(scale.Dims))
        {
            return null;
        }

        if (ScaleIndex(inputs, x, scale) is not { } indexOf)
        {
            return null;
        }

        DataType type = (DataType)inputs.Node.Int("output_dtype", 0) is var named and not DataType.Undefined
            ? named
            : scale.Type;
        return type is DataType.Float or DataType.Float16 or DataType.Bfloat16
            ? Rounding.To(type, x.Dims, Value, x.Count)
            : null;

        double Value(int i)
        {
            int position = indexOf(i);
            // Both steps in float32, as the operator is defined and as hosts compute it.
            return (float)(x[i] - (zero?[position] ?? 0)) * (float)scale[position];
        }
    }

    /// <summary>From a position in x to the position of its scale; null where the shapes do not fit.</summary>
    private static Func<int, int>? ScaleIndex(FoldInputs inputs, DenseTensor x, DenseTensor scale)
    {
        long block = inputs.Node.Int("block_size", 0);
        if (scale.Count == 1 && block == 0)
        {
            return _ => 0;
        }

        long axis = inputs.Node.Int("axis", 1);
        axis += axis < 0 ? x.Dims.Length : 0;
        if (axis < 0 || axis >= x.Dims.Length || block < 0)
        {
            return null;
        }

        long size = x.Dims[axis];
        long inner = x.Dims.Skip((int)axis + 1).Aggregate(1L, (product, dim) => product * dim);
        if (block == 0)
        {
            return scale.Dims.Length == 1 && scale.Dims[0] == size ? i => (int)(i / inner % size) : null;
        }

        long blocks = (size / block) + (size % block == 0 ? 0 : 1);
        bool fits = scale.Dims.Length == x.Dims.Length
            && scale.Dims.Select((dim, i) => dim == (i == axis ? blocks : x.Dims[i])).All(same => same);
        return fits
            ? i => (int)((((i / inner / size) * blocks) + (i / inner % size / block)) * inner + (i % inner))
            : null;
    }
}
