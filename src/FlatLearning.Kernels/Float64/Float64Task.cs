using System.Runtime.InteropServices;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Float64;

/// <summary>
/// One item of a product in float64: plain loops, since models in float64 are rare and want precision.
/// </summary>
internal readonly unsafe struct Float64Task(PreparedWeight weight, Float64Grid grid, double* x, double* y)
    : IParallelWork
{
    private const int TileFloats = 8192;

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int group = grid.GroupOf(item);
        long firstRow = grid.FirstRowOf(item);
        int rows = grid.RowsOf(item);
        int width = weight.Decoder.WidthOf(group);
        int tileRows = Math.Max(1, Math.Min(weight.Rows, TileFloats / width));

        using Scratch tileMemory = new(sizeof(float) * (long)tileRows * width);
        using Scratch sumMemory = new(sizeof(double) * (long)rows * width);
        float* tile = (float*)tileMemory.Pointer;
        double* sums = (double*)sumMemory.Pointer;
        NativeMemory.Clear(sums, (nuint)(sizeof(double) * (long)rows * width));
        for (int k = 0; k < weight.Rows; k += tileRows)
        {
            int count = Math.Min(tileRows, weight.Rows - k);
            weight.Decoder.DecodeTile(
                group, k, count, new Span<float>(tile, tileRows * width), width, DecodeParts.Unscaled);
            for (int row = 0; row < rows; row++)
            {
                Accumulate(x + ((firstRow + row) * weight.Rows), k, count, tile, width, sums + ((long)row * width));
            }
        }

        Finish(group, firstRow, rows, width, sums);
    }

    private void Accumulate(double* row, int firstInput, int inputs, float* tile, int width, double* sums)
    {
        for (int k = 0; k < inputs; k++, tile += width)
        {
            double factor = row[firstInput + k] * (weight.RowScale?[firstInput + k] ?? 1.0);
            for (int i = 0; i < width; i++)
            {
                sums[i] += factor * tile[i];
            }
        }
    }

    private void Finish(int group, long firstRow, int rows, int width, double* sums)
    {
        int firstColumn = group * weight.Decoder.GroupWidth;
        for (int row = 0; row < rows; row++)
        {
            double* target = y + ((firstRow + row) * weight.Columns) + firstColumn;
            for (int i = 0; i < width; i++)
            {
                target[i] = (sums[((long)row * width) + i] * weight.ColumnScale[firstColumn + i])
                    + (weight.WideBias?[firstColumn + i] ?? 0);
            }
        }
    }
}
