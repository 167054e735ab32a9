using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Tensors;

/// <summary>
/// Row-major positions of a sparse tensor's values, from either form of its indices: [nnz] flat or [nnz, rank]
/// coordinates.
/// </summary>
internal static class SparsePositions
{
    /// <summary>Computes and checks the positions.</summary>
    /// <param name="name">The tensor's name, for error texts.</param>
    /// <param name="indices">Shape and elements of the indices, or null where they are absent.</param>
    /// <param name="count">Number of values.</param>
    /// <param name="dense">Shape of the whole.</param>
    public static int[] Of(string name, (IList<long> Dims, long[] Elements)? indices, long count, TensorInfo dense)
    {
        int rank = dense.Dims.Length;
        if (indices is not { } given)
        {
            return count == 0 ? [] : throw new OnnxModelException(Messages.SparseMalformed(name, "has no indices"));
        }

        bool flat = given.Dims.Count == 1 && given.Dims[0] == count;
        bool coordinates = given.Dims.Count == 2 && given.Dims[0] == count && given.Dims[1] == rank;
        if (!flat && !coordinates)
        {
            string shape = TensorInfo.ShapeText([.. given.Dims]);
            throw new OnnxModelException(
                Messages.SparseMalformed(name, $"has indices of shape {shape} for {count} values of rank {rank}"));
        }

        int[] positions = new int[count];
        for (int i = 0; i < positions.Length; i++)
        {
            long position = flat ? given.Elements[i] : 0;
            for (int axis = 0; coordinates && axis < rank; axis++)
            {
                long index = given.Elements[(i * (long)rank) + axis];
                if (index < 0 || index >= dense.Dims[axis])
                {
                    throw new OnnxModelException(
                        Messages.SparseMalformed(
                            name, $"has the index {index} in dimension {axis} of shape {dense.Shape}"));
                }

                position = (position * dense.Dims[axis]) + index;
            }

            positions[i] = position >= 0 && position < dense.Count
                ? (int)position
                : throw new OnnxModelException(
                    Messages.SparseMalformed(name, $"has the index {position} outside of shape {dense.Shape}"));
        }

        return positions;
    }
}
