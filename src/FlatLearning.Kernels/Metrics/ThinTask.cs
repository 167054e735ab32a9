using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Metrics;

/// <summary>
/// One item of x · U: some columns of U times a chunk of its rows; the sums of different chunks are added afterwards.
/// </summary>
/// <param name="matrix">U.</param>
/// <param name="x">Rows of x.</param>
/// <param name="rows">Rows of x.</param>
/// <param name="partial">[chunks, rows, padded columns of U], written.</param>
internal readonly unsafe struct ThinTask(ThinMatrix matrix, InputRows x, int rows, float* partial)
    : IParallelWork
{
    /// <inheritdoc/>
    public void Execute(int item)
    {
        (int chunk, int part) = (item / matrix.Parts, item % matrix.Parts);
        int first = chunk * ThinMatrix.ChunkRows;
        int count = Math.Min(ThinMatrix.ChunkRows, matrix.Rows - first);
        int width = matrix.WidthOf(part);
        using Scratch memory = new(sizeof(float) * (long)rows * width);
        float* sums = (float*)memory.Pointer;
        new Span<float>(sums, rows * width).Clear();
        fixed (float* values = matrix.Values)
        {
            PanelProduct.Accumulate(
                x.Floats(0) + first, x.Stride, rows, values + matrix.Start(part, first), width, count, sums);
        }

        for (int row = 0; row < rows; row++)
        {
            float* target =
                partial + (((long)chunk * rows) + row) * matrix.PaddedColumns + (part * ThinMatrix.PartColumns);
            new Span<float>(sums + (row * width), width).CopyTo(new Span<float>(target, width));
        }
    }
}
