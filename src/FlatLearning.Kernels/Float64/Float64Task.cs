using System.Runtime.InteropServices;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Float64;

/// <summary>
/// One item of a product in float64: plain loops, since models in float64 are rare and want precision.
/// </summary>
internal readonly unsafe struct Float64Task(
    WeightDecoder decoder, ProductEnds ends, Float64Grid grid, double* x, double* y)
    : IParallelWork
{
    private const int TileFloats = 8192;

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int group = grid.GroupOf(item);
        long firstRow = grid.FirstRowOf(item);
        int rows = grid.RowsOf(item);
        int width = decoder.WidthOf(group);
        int tileRows = Math.Max(1, Math.Min(decoder.Rows, TileFloats / width));

        using Scratch tileMemory = new(sizeof(float) * (long)tileRows * width);
        using Scratch sumMemory = new(sizeof(double) * (long)rows * width);
        float* tile = (float*)tileMemory.Pointer;
        double* sums = (double*)sumMemory.Pointer;
        NativeMemory.Clear(sums, (nuint)(sizeof(double) * (long)rows * width));
        for (int k = 0; k < decoder.Rows; k += tileRows)
        {
            int count = Math.Min(tileRows, decoder.Rows - k);
            decoder.DecodeTile(
                group, k, count, new Span<float>(tile, tileRows * width), width, DecodeParts.Unscaled);
            for (int row = 0; row < rows; row++)
            {
                Accumulate(x + ((firstRow + row) * decoder.Rows), k, count, tile, width, sums + ((long)row * width));
            }
        }

        Finish(group, firstRow, rows, width, sums);
    }

    private void Accumulate(double* row, int firstInput, int inputs, float* tile, int width, double* sums)
    {
        for (int k = 0; k < inputs; k++, tile += width)
        {
            double factor = row[firstInput + k] * (ends.RowScale?[firstInput + k] ?? 1.0);
            for (int i = 0; i < width; i++)
            {
                sums[i] += factor * tile[i];
            }
        }
    }

    private void Finish(int group, long firstRow, int rows, int width, double* sums)
    {
        int firstColumn = group * decoder.GroupWidth;
        for (int row = 0; row < rows; row++)
        {
            double* target = y + ((firstRow + row) * decoder.Columns) + firstColumn;
            for (int i = 0; i < width; i++)
            {
                target[i] = (sums[((long)row * width) + i] * ends.ColumnScale[firstColumn + i])
                    + (ends.WideBias?[firstColumn + i] ?? 0);
            }
        }
    }
}
