using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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
    private const int Half = FixedCodes.StripColumns / 2;

    /// <summary>Items.</summary>
    public int Items => (Strips + ItemStrips - 1) / ItemStrips;

    private int Strips => (codes.Blocks + FixedCodes.StripBlocks - 1) / FixedCodes.StripBlocks;

    private int InputBlocks => (codes.Layout.Rows + FixedTables.BlockInputs - 1) / FixedTables.BlockInputs;

    private int ItemStrips
    {
        get
        {
            long products = Math.Max(1, (long)codes.Layout.Rows * FixedCodes.StripColumns * rows);
            return (int)Math.Min(Strips, Math.Max((MinProducts + products - 1) / products, Strips / WantedItems));
        }
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int first = item * ItemStrips;
        int strips = Math.Min(ItemStrips, Strips - first);
        long sumBytes = (long)sizeof(float) * rows * FixedCodes.StripColumns;
        using Scratch memory = new(sumBytes + codes.IndexBytes);
        float* sums = (float*)memory.Pointer;
        byte* index = (byte*)memory.Pointer + sumBytes;
        for (int strip = first; strip < first + strips; strip++)
        {
            NativeMemory.Clear(sums, (nuint)sumBytes);
            for (int block = 0; block < InputBlocks; block++)
            {
                int k = block * FixedTables.BlockInputs;
                int inputs = Math.Min(FixedTables.BlockInputs, codes.Layout.Rows - k);
                codes.WriteIndices(strip, k, inputs, index);
                Add(block, codes.StepsOf(inputs), index, sums);
            }

            for (int row = 0; row < rows; row++)
            {
                Write(strip, sums + (row * FixedCodes.StripColumns), row);
            }
        }
    }

    private void Add(int block, int steps, byte* index, float* sums)
    {
        for (int row = 0; row < rows; row++, sums += FixedCodes.StripColumns)
        {
            long at = ((long)row * InputBlocks) + block;
            byte* table = tables + (at * blockBytes);
            switch (codes.Parts)
            {
                case 1:
                    FixedSums<ByteLanes256, Vector256<byte>, One>.Add(index, table, steps, units[at], sums);
                    FixedSums<ByteLanes256, Vector256<byte>, One>.Add(
                        index + Half, table, steps, units[at], sums + Half);
                    break;
                case 2:
                    FixedSums<ByteLanes256, Vector256<byte>, Two>.Add(index, table, steps, units[at], sums);
                    FixedSums<ByteLanes256, Vector256<byte>, Two>.Add(
                        index + Half, table, steps, units[at], sums + Half);
                    break;
                default:
                    FixedSums<ByteLanes256, Vector256<byte>, Four>.Add(index, table, steps, units[at], sums);
                    FixedSums<ByteLanes256, Vector256<byte>, Four>.Add(
                        index + Half, table, steps, units[at], sums + Half);
                    break;
            }
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
