using FlatLearning.Onnx.Operators.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Portable;

/// <summary>Makes the tensor of a <c>DynWeight</c> node of its decoded matrix.</summary>
internal sealed class TensorBody(OpBuilder ops, DynStructure structure, TensorForm form)
{
    /// <summary>The attributes that a node has besides those of its weight.</summary>
    public static IEnumerable<string> AttributesOf(TensorForm form, int opset)
    {
        yield return TensorOperator.Dims;
        if (form.Shapes.Count > 0)
        {
            yield return TensorOperator.Ranks;
            yield break;
        }

        if (opset < OpBuilder.AttributeOpset)
        {
            yield return TensorOperator.DimsValue;
        }

        if (form.IsTransposed)
        {
            yield return TensorOperator.Transposed;
        }

        if (form.IsPermuted)
        {
            yield return TensorOperator.Perm;
        }
    }

    /// <summary>Writes the nodes and returns the names of the tensors.</summary>
    public IReadOnlyList<string> Write(WeightBody weight)
    {
        string matrix = form.IsTransposed ? weight.DecodeTransposed() : weight.Decode();
        if (structure.ElementType != DataType.Float)
        {
            matrix = ops.Cast(matrix, structure.ElementType);
        }

        if (form.Shapes.Count > 0)
        {
            return Cut(matrix);
        }

        string tensor = ops.ReshapeTo(matrix, Dims());
        return [form.IsPermuted ? ops.TransposeByAttribute(tensor, TensorOperator.Perm) : tensor];
    }

    /// <summary>The elements of every output, and behind them what fills up its last row.</summary>
    private List<string> Cut(string matrix)
    {
        List<long> lengths = [];
        foreach (long[] shape in form.Shapes)
        {
            long elements = shape.Aggregate(1L, (product, dim) => product * dim);
            long filling = (BundleView.RowsOf(elements) * BundleView.Width) - elements;
            lengths.AddRange(filling > 0 ? [elements, filling] : [elements]);
        }

        string[] parts = ops.SplitAt(ops.Reshape(matrix, -1), 0, lengths);
        List<string> tensors = [];
        int part = 0;
        foreach (long[] shape in form.Shapes)
        {
            long elements = lengths[part];
            tensors.Add(ops.Reshape(parts[part], shape));
            part += elements % BundleView.Width == 0 ? 1 : 2;
        }

        return tensors;
    }

    private string Dims()
    {
        if (ops.Opset >= OpBuilder.AttributeOpset)
        {
            return ops.AttributeValue(TensorOperator.Dims);
        }

        string value = ops.TensorAttributeValue(TensorOperator.DimsValue);
        return ops.Opset < OpBuilder.IntegerOpset ? ops.Cast(value, DataType.Int64) : value;
    }
}
