using FlatLearning.Numerics;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Operators.Products;

/// <summary>
/// How a tensor of two or more dimensions is seen by a product. All but its last two dimensions are 1.
/// </summary>
/// <param name="Transposed">Whether the tensor is N x K.</param>
/// <param name="Factor">What every element is multiplied by.</param>
internal sealed record ProductView(bool Transposed, float Factor = 1) : MatrixView
{
    /// <inheritdoc/>
    public override (long Rows, long Columns) ShapeOf(ReadOnlySpan<long> dims) =>
        Transposed ? (dims[^1], dims[^2]) : (dims[^2], dims[^1]);

    /// <inheritdoc/>
    public override float[] Read(DenseTensor tensor)
    {
        float[] matrix = tensor.ToSingles();
        if (Transposed)
        {
            matrix = MatrixTranspose.Of(matrix, (int)tensor.Dims[^2], (int)tensor.Dims[^1]);
        }

        return Factor == 1 ? matrix : Array.ConvertAll(matrix, element => element * Factor);
    }
}
