using System.Runtime.InteropServices;
using FlatLearning.Dyn.Decoding;
using FlatLearning.OnnxRuntime;

namespace FlatLearning.CustomOps.Kernels;

/// <summary>
/// One item of a product in float32: a column group is decoded tile by tile, each tile multiplied into the sums of a
/// block of rows while it is in cache, then the sums are scaled and written.
/// </summary>
internal readonly unsafe struct FloatWork<T>(PreparedWeight weight, ProductGrid grid, float* x, nint y) : IParallelWork
    where T : struct, IFloatElement
{
    // 32 KB: half of the first-level cache or all of it, with the sums and x streaming beside.
    private const int TileFloats = 8192;

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int group = grid.GroupOf(item);
        long firstRow = grid.FirstRowOf(item);
        int rows = grid.RowsOf(item);
        int width = weight.Decoder.WidthOf(group);
        int stride = MicroKernel.PaddedWidth(width);
        int tileRows = Math.Max(1, Math.Min(weight.Rows, TileFloats / stride));

        using Scratch memory = new(sizeof(float) * (((long)tileRows * stride) + ((long)rows * stride)));
        float* tile = (float*)memory.Pointer;
        float* sums = tile + (tileRows * stride);

        // Columns between width and stride are multiplied like the others: they must be numbers, and zeros are fast.
        NativeMemory.Clear(memory.Pointer, (nuint)(sizeof(float) * ((long)tileRows + rows) * stride));
        for (int k = 0; k < weight.Rows; k += tileRows)
        {
            int count = Math.Min(tileRows, weight.Rows - k);
            weight.Decoder.DecodeTile(group, k, count, new Span<float>(tile, tileRows * stride), stride, DecodeParts.Unscaled);
            MicroKernel.Accumulate(x + (firstRow * weight.Rows) + k, weight.Rows, rows, tile, stride, count, sums);
        }

        for (int row = 0; row < rows; row++)
        {
            RowEnds.Write<T>(weight, sums + ((long)row * stride), group, y, firstRow + row);
        }
    }
}
