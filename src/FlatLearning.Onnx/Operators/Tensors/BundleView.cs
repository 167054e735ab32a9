using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Operators.Tensors;

/// <summary>
/// Several tensors below each other in one matrix, each cut as it lies into rows of <see cref="Width"/> elements, the
/// last one filled up with zeros. A row lies within one filter, one gate or one word of most weights, so that its scale
/// is as good as one of their own, and taps may reach from one tensor into the next.
/// </summary>
internal sealed record BundleView : MatrixView
{
    /// <summary>N.</summary>
    public const int Width = 64;

    /// <summary>The rows of a tensor.</summary>
    public static long RowsOf(long elements) => (elements + Width - 1) / Width;

    /// <inheritdoc/>
    public override (long Rows, long Columns) ShapeOf(ReadOnlySpan<long> dims)
    {
        long elements = 1;
        foreach (long dim in dims)
        {
            elements *= dim;
        }

        return (RowsOf(elements), Width);
    }

    /// <inheritdoc/>
    public override float[] Read(DenseTensor tensor)
    {
        float[] rows = new float[RowsOf(tensor.Count) * Width];
        tensor.ToSingles().CopyTo(rows, 0);
        return rows;
    }
}
