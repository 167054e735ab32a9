using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Operators;

/// <summary>
/// How a tensor is seen as the K x N matrix that is fitted. Two uses of a constant with equal views can share one
/// fitted matrix.
/// </summary>
internal abstract record MatrixView
{
    /// <summary>
    /// What takes so many times the bits of another form is not worth it: with a few rows or columns, scales and
    /// padding are most of what is stored.
    /// </summary>
    public const double MaxShapeCost = 1.25;

    // Columns are stored by eights, and a scale of a column takes 16 bits; for codes of 4 bits.
    private const int ColumnUnit = 8;
    private const int CodeBits = 4;
    private const int ScaleBits = 16;

    /// <summary>Bits that codes of 4 bits of a matrix take, padding and scales of columns included.</summary>
    public static double BitsOf(long rows, long columns) =>
        ((double)CodeBits * rows * ((columns + ColumnUnit - 1) / ColumnUnit) * ColumnUnit)
            + ((double)ScaleBits * columns);

    /// <summary>The same for a tensor.</summary>
    public double BitsOf(ReadOnlySpan<long> dims)
    {
        (long rows, long columns) = ShapeOf(dims);
        return BitsOf(rows, columns);
    }

    /// <summary>K and N of a tensor's matrix.</summary>
    /// <param name="dims">The tensor's shape, of rank 2 or more.</param>
    public abstract (long Rows, long Columns) ShapeOf(ReadOnlySpan<long> dims);

    /// <summary>The matrix, row-major [K, N].</summary>
    public abstract float[] Read(DenseTensor tensor);
}
