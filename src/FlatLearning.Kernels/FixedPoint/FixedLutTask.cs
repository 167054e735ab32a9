using System.Runtime.InteropServices;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.FixedPoint;

/// <summary>
/// One item of a look-up product in fixed point: some strips of 128 columns times all rows, each sum from the
/// first block of inputs to the last.
/// </summary>
/// <param name="codes">The codes.</param>
/// <param name="tables">[rows, blocks of inputs, <paramref name="blockBytes"/>].</param>
/// <param name="blockBytes">Bytes of the tables of a block of inputs.</param>
/// <param name="units">[rows, blocks of inputs].</param>
/// <param name="rows">A few.</param>
/// <param name="y">Rows of y.</param>
internal readonly unsafe struct FixedLutTask(
    FixedCodes codes, byte* tables, int blockBytes, float* units, int rows, OutputRows y) : IParallelWork
{
    // Enough items for the threads of a workstation, none below two microseconds or so.
    private const int WantedItems = 16;
    private const long MinProducts = 256 * 1024;

    /// <summary>Items.</summary>
    public int Items => (codes.Strips + ItemStrips - 1) / ItemStrips;

    private int InputBlocks => (codes.Layout.Rows + FixedTables.BlockInputs - 1) / FixedTables.BlockInputs;

    private int ItemStrips
    {
        get
        {
            long products = Math.Max(1, (long)codes.Layout.Rows * FixedCodes.StripColumns * rows);
            return (int)Math.Min(
                codes.Strips, Math.Max((MinProducts + products - 1) / products, codes.Strips / WantedItems));
        }
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int first = item * ItemStrips;
        int strips = Math.Min(ItemStrips, codes.Strips - first);
        long sumBytes = (long)sizeof(float) * rows * FixedCodes.StripColumns;
        using Scratch memory = new(sumBytes + codes.IndexBytes);
        float* sums = (float*)memory.Pointer;
        byte* index = (byte*)memory.Pointer + sumBytes;
        for (int strip = first; strip < first + strips; strip++)
        {
            NativeMemory.Clear(sums, (nuint)sumBytes);
            for (int block = 0; block < InputBlocks; block++)
            {
                Add(strip, block, index, sums);
            }

            for (int row = 0; row < rows; row++)
            {
                Write(strip, sums + (row * FixedCodes.StripColumns), row);
            }
        }
    }

    private void Add(int strip, int block, byte* index, float* sums)
    {
        int k = block * FixedTables.BlockInputs;
        int inputs = Math.Min(FixedTables.BlockInputs, codes.Layout.Rows - k);
        int steps = codes.StepsOf(inputs);
        codes.Prefetch(strip, k + inputs);
        if (rows == 1 && codes.IsInPlace && inputs % 2 == 0)
        {
            // A single row reads the codes as they are packed.
            codes.AddInPlace(strip, k, tables + ((long)block * blockBytes), steps, units[block], sums);
            return;
        }

        codes.WriteIndices(strip, k, inputs, index);
        for (int row = 0; row < rows; row++, sums += FixedCodes.StripColumns)
        {
            long at = ((long)row * InputBlocks) + block;
            codes.Add(strip, index, tables + (at * blockBytes), steps, units[at], sums);
        }
    }

    private void Write(int strip, float* sums, int row)
    {
        for (int i = 0; i < FixedCodes.StripBlocks; i++, sums += FixedCodes.Block)
        {
            int block = (strip * FixedCodes.StripBlocks) + i;
            (int group, int place) = (block / codes.BlocksOfGroup, block % codes.BlocksOfGroup);
            int column = place * FixedCodes.Block;
            int width = block < codes.Blocks ? Math.Min(FixedCodes.Block, codes.Layout.WidthOf(group) - column) : 0;
            if (width > 0)
            {
                ByteLanes256.Order(sums);
                y.Write(sums, (group * codes.Layout.GroupWidth) + column, width, row);
            }
        }
    }
}
