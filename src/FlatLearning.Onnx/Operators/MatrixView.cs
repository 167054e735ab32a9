using FlatLearning.Numerics;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Operators;

/// <summary>
/// How a tensor of two or more dimensions is seen as the K x N matrix that is fitted. All but its last two dimensions
/// are 1. Two uses of a constant with equal views can share one fitted matrix.
/// </summary>
/// <param name="Transposed">Whether the tensor is N x K.</param>
/// <param name="Factor">What every element is multiplied by.</param>
internal sealed record MatrixView(bool Transposed, float Factor = 1)
{
    /// <summary>K and N of a tensor's matrix.</summary>
    /// <param name="dims">The tensor's shape, of rank 2 or more.</param>
    public (long Rows, long Columns) ShapeOf(ReadOnlySpan<long> dims) =>
        Transposed ? (dims[^1], dims[^2]) : (dims[^2], dims[^1]);

    /// <summary>The matrix, row-major [K, N].</summary>
    public float[] Read(DenseTensor tensor)
    {
        float[] matrix = tensor.ToSingles();
        if (Transposed)
        {
            matrix = MatrixTranspose.Of(matrix, (int)tensor.Dims[^2], (int)tensor.Dims[^1]);
        }

        return Factor == 1 ? matrix : Array.ConvertAll(matrix, element => element * Factor);
    }
}
