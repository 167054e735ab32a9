using System.Runtime.InteropServices;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// One item of a look-up product: some blocks of 32 columns times all rows, each summed from the first input to the
/// last.
/// </summary>
/// <param name="codes">The codes.</param>
/// <param name="x">Rows multiplied by rho, each followed by zeros for the taps.</param>
/// <param name="y">Rows of y.</param>
/// <param name="rows">A few.</param>
internal readonly unsafe struct Avx2ShuffleLutTask(Avx2LutCodes codes, InputRows x, OutputRows y, int rows)
    : IParallelWork
{
    // Enough items for the threads of a workstation; each makes the tables anew, which costs as much as a block or two.
    private const int WantedItems = 16;
    private const int MinBlocks = 8;
    private const long MinProducts = 256 * 1024;

    /// <summary>Items.</summary>
    public int Items => (Blocks + ItemBlocks - 1) / ItemBlocks;

    private int Blocks => codes.Layout.Groups * codes.BlocksOfGroup;

    private int ItemBlocks
    {
        get
        {
            long products = Math.Max(1, (long)codes.Layout.Rows * Avx2BytePlanes.Block * rows);
            return (int)Math.Min(
                Blocks,
                Math.Max(Math.Max(MinBlocks, (MinProducts + products - 1) / products), Blocks / WantedItems));
        }
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int first = item * ItemBlocks;
        int count = Math.Min(ItemBlocks, Blocks - first);
        int sumFloats = count * Avx2BytePlanes.Block;
        using Scratch memory = new(
            ((long)rows * sumFloats * sizeof(float))
                + (Avx2LutCodes.MaxRows * ((long)(count * Avx2BytePlanes.Block) + codes.TableBytes)));
        float* sums = (float*)memory.Pointer;
        byte* bytes = (byte*)(sums + (rows * sumFloats));
        byte* tables = bytes + (count * Avx2LutCodes.MaxRows * Avx2BytePlanes.Block);
        NativeMemory.Clear(sums, (nuint)rows * (nuint)sumFloats * sizeof(float));
        for (int k = 0; k < codes.Layout.Rows; k += Avx2LutCodes.MaxRows)
        {
            int inputs = Math.Min(Avx2LutCodes.MaxRows, codes.Layout.Rows - k);
            for (int row = 0; row < rows; row++)
            {
                codes.WriteTables(x.Floats(row) + k, inputs, tables);
                for (int i = 0; i < count; i++)
                {
                    byte* block = bytes + (i * Avx2LutCodes.MaxRows * Avx2BytePlanes.Block);
                    if (row == 0)
                    {
                        codes.Unpack(
                            (first + i) / codes.BlocksOfGroup, k, (first + i) % codes.BlocksOfGroup, inputs, block);
                    }

                    codes.Add(block, tables, inputs, sums + (row * sumFloats) + (i * Avx2BytePlanes.Block));
                }
            }
        }

        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < count; i++)
            {
                Write(first + i, sums + (row * sumFloats) + (i * Avx2BytePlanes.Block), row);
            }
        }
    }

    private void Write(int block, float* sums, int row)
    {
        (int group, int place) = (block / codes.BlocksOfGroup, block % codes.BlocksOfGroup);
        int column = place * Avx2BytePlanes.Block;
        int width = Math.Min(Avx2BytePlanes.Block, codes.Layout.WidthOf(group) - column);
        if (width > 0)
        {
            y.Write(sums, (group * codes.Layout.GroupWidth) + column, width, row);
        }
    }
}
