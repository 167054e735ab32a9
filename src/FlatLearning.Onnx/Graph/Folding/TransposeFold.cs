using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Graph.Folding;

/// <summary>
/// Transpose: dimension i of the result is dimension perm[i] of the input; without perm the dimensions are reversed.
/// </summary>
internal sealed class TransposeFold : IFoldOperator
{
    public string OpType => "Transpose";

    public DenseTensor? Evaluate(FoldInputs inputs)
    {
        if (inputs[0] is not { } x)
        {
            return null;
        }

        int rank = x.Dims.Length;
        long[] perm = inputs.Node.Ints("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(axis => (long)axis)];
        if (perm.Length != rank || !perm.Order().SequenceEqual(Enumerable.Range(0, rank).Select(axis => (long)axis)))
        {
            return null;
        }

        long[] dims = [.. perm.Select(axis => x.Dims[axis])];
        return x.Singles is { } singles
            ? new DenseTensor(x.Type, dims, Permute(singles, x.Dims, perm))
            : new DenseTensor(x.Type, dims, Permute(x.Doubles!, x.Dims, perm));
    }

    internal static T[] Permute<T>(T[] source, long[] dims, long[] perm)
    {
        int rank = perm.Length;
        long[] sourceStrides = new long[rank];
        for (long axis = rank - 1, stride = 1; axis >= 0; stride *= dims[axis], axis--)
        {
            sourceStrides[axis] = stride;
        }

        // Counts through the result like an odometer, carrying the position in the source along.
        long[] size = [.. perm.Select(axis => dims[axis])];
        long[] step = [.. perm.Select(axis => sourceStrides[axis])];
        long[] index = new long[rank];
        T[] result = new T[source.Length];
        long position = 0;
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = source[position];
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                position += step[axis];
                if (++index[axis] < size[axis])
                {
                    break;
                }

                position -= step[axis] * size[axis];
                index[axis] = 0;
            }
        }

        return result;
    }
}
