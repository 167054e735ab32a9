using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.FixedPoint;

/// <summary>One item: some of the tables of one row of x that groups share.</summary>
/// <param name="bands">Codebooks, and which blocks of inputs.</param>
/// <param name="x">Rows multiplied by rho, each followed by zeros for the taps.</param>
/// <param name="tables">[rows, <see cref="FixedBands.TableBytes"/>], written.</param>
/// <param name="units">[rows, <see cref="FixedBands.Units"/>], written.</param>
internal readonly unsafe struct FixedBandTableTask(FixedBands bands, InputRows x, byte* tables, float* units)
    : IParallelWork
{
    private const int ItemBlocks = 16;

    /// <summary>Items of a row.</summary>
    public int ItemsOfRow => (bands.Units + ItemBlocks - 1) / ItemBlocks;

    /// <inheritdoc/>
    public void Execute(int item)
    {
        (int row, int place) = (item / ItemsOfRow, item % ItemsOfRow);
        for (int unit = place * ItemBlocks; unit < Math.Min(bands.Units, (place + 1) * ItemBlocks); unit++)
        {
            (int band, int block) = bands.At(unit);
            int first = block * FixedTables.BlockInputs;
            units[((long)row * bands.Units) + unit] = bands.Tables(band).Write(
                x.Floats(row) + first,
                Math.Min(FixedTables.BlockInputs, bands.Codes.Rows - first),
                tables + (row * bands.TableBytes) + bands.Bytes(band, block));
        }
    }
}
