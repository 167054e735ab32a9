using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Numerics;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Restoring;

/// <summary>The tensors that a <c>DynWeight</c> node gives.</summary>
internal static class TensorRestorer
{
    /// <summary>Decodes the tensors, under the names of the node's outputs.</summary>
    /// <exception cref="OnnxModelException">The node's attributes do not fit its weight.</exception>
    public static IEnumerable<TensorProto> Dense(DynWeight weight, NodeProto node, DataType type)
    {
        IReadOnlyList<long[]> shapes = ShapesOf(weight, node);
        float[] values = WeightDecoder.Dense(weight);
        if (node.Int(TensorOperator.Transposed, 0) != 0)
        {
            values = MatrixTranspose.Of(values, weight.Rows, weight.Columns);
        }

        if (node.Ints(TensorOperator.Perm) is { } perm)
        {
            values = TransposeFold.Permute(values, DimsOf(weight, node), perm);
        }

        List<TensorProto> tensors = [];
        int begin = 0;
        foreach ((string name, long[] dims) in node.Output.Zip(shapes))
        {
            int count = (int)dims.Aggregate(1L, (product, dim) => product * dim);
            tensors.Add(TensorWriter.Real(name, type, dims, values.AsSpan(begin, count)));
            begin += (int)BundleView.RowsOf(count) * BundleView.Width;
        }

        return tensors;
    }

    /// <summary>The shapes of the tensors.</summary>
    /// <exception cref="OnnxModelException">The node's attributes do not fit its weight.</exception>
    public static IReadOnlyList<long[]> ShapesOf(DynWeight weight, NodeProto node)
    {
        if (node.Ints(TensorOperator.Ranks) is { } ranks)
        {
            return Several(weight, node, ranks);
        }

        long[] dims = DimsOf(weight, node);
        return [node.Ints(TensorOperator.Perm) is { } perm ? [.. perm.Select(axis => dims[axis])] : dims];
    }

    private static List<long[]> Several(DynWeight weight, NodeProto node, long[] ranks)
    {
        long[] dims = node.Ints(TensorOperator.Dims) ?? [];
        List<long[]> shapes = [];
        if (dims.All(dim => dim > 0) && ranks.All(rank => rank > 0) && ranks.Sum() == dims.Length)
        {
            int begin = 0;
            foreach (long rank in ranks)
            {
                shapes.Add(dims[begin..(begin += (int)rank)]);
            }
        }

        double rows = shapes.Sum(
            shape => Math.Ceiling(shape.Aggregate(1.0, (product, dim) => product * dim) / BundleView.Width));
        return shapes.Count == node.Output.Count && weight.Columns == BundleView.Width && rows == weight.Rows
            ? shapes
            : throw new OnnxModelException(
                Messages.BadNode(
                    NodeNames.Of(node),
                    $"its {TensorOperator.Dims} and {TensorOperator.Ranks} do not fit {node.Output.Count} outputs of "
                        + $"a weight of {weight.Rows} x {weight.Columns}"));
    }

    private static long[] DimsOf(DynWeight weight, NodeProto node)
    {
        long[] dims = node.Ints(TensorOperator.Dims) ?? [];
        long[]? perm = node.Ints(TensorOperator.Perm);
        bool fits = dims.Length > 0 && dims.All(dim => dim > 0)
            && dims.Aggregate(1.0, (product, dim) => product * dim) == (double)weight.Rows * weight.Columns
            && (perm is null || perm.Order().SequenceEqual(Enumerable.Range(0, dims.Length).Select(i => (long)i)));
        return fits
            ? dims
            : throw new OnnxModelException(
                Messages.BadNode(
                    NodeNames.Of(node),
                    $"its {TensorOperator.Dims} {TensorInfo.ShapeText(dims)} and {TensorOperator.Perm} do not fit a "
                        + $"weight of {weight.Rows} x {weight.Columns}"));
    }
}
