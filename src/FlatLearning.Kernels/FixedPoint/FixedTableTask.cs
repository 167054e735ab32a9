using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.FixedPoint;

/// <summary>One item: the tables of some blocks of inputs of one row of x, and the unit of each block.</summary>
/// <param name="writer">Codebook and taps.</param>
/// <param name="x">Rows multiplied by rho, each followed by zeros for the taps.</param>
/// <param name="inputs">K.</param>
/// <param name="tables">[rows, blocks, <see cref="FixedTables.BlockBytes"/>], written.</param>
/// <param name="units">[rows, blocks], written.</param>
internal readonly unsafe struct FixedTableTask(
    FixedTables writer, InputRows x, int inputs, byte* tables, float* units) : IParallelWork
{
    private const int ItemBlocks = 16;

    /// <summary>Items of a row.</summary>
    public int ItemsOfRow => (Blocks + ItemBlocks - 1) / ItemBlocks;

    private int Blocks => (inputs + FixedTables.BlockInputs - 1) / FixedTables.BlockInputs;

    /// <inheritdoc/>
    public void Execute(int item)
    {
        (int row, int place) = (item / ItemsOfRow, item % ItemsOfRow);
        for (int block = place * ItemBlocks; block < Math.Min(Blocks, (place + 1) * ItemBlocks); block++)
        {
            long at = ((long)row * Blocks) + block;
            int first = block * FixedTables.BlockInputs;
            int count = Math.Min(FixedTables.BlockInputs, inputs - first);
            units[at] = writer.Write(x.Floats(row) + first, count, tables + (at * writer.BlockBytes));
        }
    }
}
