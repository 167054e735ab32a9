using System.Runtime.CompilerServices;
using FlatLearning.Kernels.Codes;

namespace FlatLearning.Kernels.FusedDequant;

/// <summary>sums += x · codes for any number of rows, by the fused tile of the weight's bits, taps and rows.</summary>
internal static unsafe class Avx512FusedProduct
{
    // Two taps keep the codes of the input before in registers; with two planes, those of six rows of sums would not
    // fit beside them.
    private const int MaxRows = 6;
    private const int FewerRows = 4;

    /// <summary>
    /// Adds the product of some inputs of one part; parameters as in the tile, <paramref name="rows"/> any number.
    /// </summary>
    public static void Accumulate(
        float* x, nint xStride, int rows, in Avx512FusedCodes codes, CodeTable table, float* entries, int taps,
        int inputs,
        float* sums)
    {
        switch (table.Bits)
        {
            case 2: Taps<Two, One, Eight>(x, xStride, rows, codes, table.Stride, entries, taps, inputs, sums); break;
            case 3: Taps<Two, Two, Eight>(x, xStride, rows, codes, table.Stride, entries, taps, inputs, sums); break;
            case 4: Taps<Four, One, Sixteen>(x, xStride, rows, codes, table.Stride, entries, taps, inputs, sums); break;
            case 5: Taps<Four, Two, ThirtyTwo>(
                x, xStride, rows, codes, table.Stride, entries, taps, inputs, sums); break;
            case 6: Taps<Four, Two, SixtyFour>(
                x, xStride, rows, codes, table.Stride, entries, taps, inputs, sums); break;
            default: Taps<Eight, One, TwoHundredFiftySix>(
                x, xStride, rows, codes, table.Stride, entries, taps, inputs, sums); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Taps<TField, TPlanes, TLength>(
        float* x, nint xStride, int rows, in Avx512FusedCodes codes, int stride, float* entries, int taps, int inputs,
        float* sums)
        where TField : unmanaged, ICount
        where TPlanes : unmanaged, ICount
        where TLength : unmanaged, ICount
    {
        switch (taps)
        {
            case 1: Rows<TField, TPlanes, TLength, One>(
                x, xStride, rows, codes, stride, entries, taps, inputs, sums); break;
            case 2: Rows<TField, TPlanes, TLength, Two>(
                x, xStride, rows, codes, stride, entries, taps, inputs, sums); break;
            default: Rows<TField, TPlanes, TLength, Three>(
                x, xStride, rows, codes, stride, entries, taps, inputs, sums); break;
        }
    }

    private static void Rows<TField, TPlanes, TLength, TTaps>(
        float* x, nint xStride, int rows, in Avx512FusedCodes codes, int stride, float* entries, int taps, int inputs,
        float* sums)
        where TField : unmanaged, ICount
        where TPlanes : unmanaged, ICount
        where TLength : unmanaged, ICount
        where TTaps : unmanaged, ICount
    {
        int max = sizeof(TTaps) == 2 && sizeof(TPlanes) == 2 ? FewerRows : MaxRows;
        for (int blocks = (rows + max - 1) / max; blocks > 0; blocks--)
        {
            int count = (rows + blocks - 1) / blocks;
            switch (count)
            {
                case 1: Tile<TField, TPlanes, TLength, One, TTaps>(
                    x, xStride, codes, entries, stride, taps, inputs, sums); break;
                case 2: Tile<TField, TPlanes, TLength, Two, TTaps>(
                    x, xStride, codes, entries, stride, taps, inputs, sums); break;
                case 3: Tile<TField, TPlanes, TLength, Three, TTaps>(
                    x, xStride, codes, entries, stride, taps, inputs, sums); break;
                case 4: Tile<TField, TPlanes, TLength, Four, TTaps>(
                    x, xStride, codes, entries, stride, taps, inputs, sums); break;
                case 5: Tile<TField, TPlanes, TLength, Five, TTaps>(
                    x, xStride, codes, entries, stride, taps, inputs, sums); break;
                default: Tile<TField, TPlanes, TLength, Six, TTaps>(
                    x, xStride, codes, entries, stride, taps, inputs, sums); break;
            }

            rows -= count;
            x += count * xStride;
            sums += count * Avx512FusedColumns.Registers * Avx512FusedColumns.Lanes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TField, TPlanes, TLength, TRows, TTaps>(
        float* x, nint xStride, in Avx512FusedCodes codes, float* table, int stride, int taps, int inputs, float* sums)
        where TField : unmanaged, ICount
        where TPlanes : unmanaged, ICount
        where TLength : unmanaged, ICount
        where TRows : unmanaged, ICount
        where TTaps : unmanaged, ICount =>
        Avx512FusedTile<TField, TPlanes, TLength, TRows, TTaps>.Accumulate(
            x, xStride, codes, table, stride, taps, inputs, sums);
}
