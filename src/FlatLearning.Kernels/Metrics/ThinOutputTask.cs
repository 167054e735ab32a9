using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Metrics;

/// <summary>One item of y += gamma · (inner · V): some parts of the columns, all rows.</summary>
/// <param name="ends">Gamma.</param>
/// <param name="matrix">V.</param>
/// <param name="inner">[rows, innerStride].</param>
/// <param name="innerStride">Floats from row to row.</param>
/// <param name="rows">Rows.</param>
/// <param name="y">[rows, N], added to.</param>
internal readonly unsafe struct ThinOutputTask(
    ProductEnds ends, ThinMatrix matrix, float* inner, nint innerStride, int rows, float* y) : IParallelWork
{
    // A shorter item (some microseconds) is not worth the hand-over to another thread.
    private const long MinProducts = 128 * 1024;

    /// <summary>Items.</summary>
    public int Items => (matrix.Parts + ItemParts - 1) / ItemParts;

    private int ItemParts
    {
        get
        {
            long products = Math.Max(1, (long)matrix.Rows * ThinMatrix.PartColumns * rows);
            return (int)Math.Clamp((MinProducts + products - 1) / products, 1, matrix.Parts);
        }
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        using Scratch memory = new(sizeof(float) * (long)rows * ThinMatrix.PartColumns);
        float* sums = (float*)memory.Pointer;
        int end = Math.Min(matrix.Parts, (item + 1) * ItemParts);
        fixed (float* values = matrix.Values)
        {
            for (int part = item * ItemParts; part < end; part++)
            {
                int width = matrix.WidthOf(part);
                new Span<float>(sums, rows * width).Clear();
                PanelProduct.Accumulate(
                    inner, innerStride, rows, values + matrix.Start(part, 0), width, matrix.Rows, sums);
                int column = part * ThinMatrix.PartColumns;
                int count = Math.Min(width, matrix.Columns - column);
                for (int row = 0; row < rows; row++)
                {
                    float* target = y + ((long)row * matrix.Columns) + column;
                    RowMath.MultiplyAdd(sums + (row * width), ends.ColumnScale + column, target, target, count);
                }
            }
        }
    }
}
