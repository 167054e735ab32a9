using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Operators;

/// <summary>
/// How a tensor is seen as the K x N matrix that is fitted. Two uses of a constant with equal views can share one
/// fitted matrix.
/// </summary>
internal abstract record MatrixView
{
    /// <summary>K and N of a tensor's matrix.</summary>
    /// <param name="dims">The tensor's shape, of rank 2 or more.</param>
    public abstract (long Rows, long Columns) ShapeOf(ReadOnlySpan<long> dims);

    /// <summary>The matrix, row-major [K, N].</summary>
    public abstract float[] Read(DenseTensor tensor);
}
