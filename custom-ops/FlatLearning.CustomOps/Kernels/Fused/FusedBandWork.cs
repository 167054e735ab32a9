using System.Runtime.InteropServices;
using FlatLearning.Dyn.Layout;
using FlatLearning.OnnxRuntime;

namespace FlatLearning.CustomOps.Kernels.Fused;

/// <summary>One item of a fused product with bands: some column groups times all rows, one section after the other.</summary>
/// <param name="weight">The weight.</param>
/// <param name="fused">Its bands.</param>
/// <param name="x">[rows, K], multiplied by rho.</param>
/// <param name="rows">A few.</param>
/// <param name="y">[rows, N].</param>
internal readonly unsafe struct FusedBandWork<T>(PreparedWeight weight, FusedBands fused, float* x, int rows, nint y) : IParallelWork
    where T : struct, IFloatElement
{
    // Inputs whose codes stay in the first-level cache while blocks of rows are multiplied with them.
    private const int MostInputs = 256;
    private const int TileFloats = FusedColumns.Registers * FusedColumns.Lanes;

    // Enough items for the threads of a workstation, none shorter than some microseconds.
    private const int WantedItems = 16;
    private const long FewestElements = 64 * 1024;

    /// <summary>Items.</summary>
    public int Items => (fused.Bands.Groups + ItemGroups - 1) / ItemGroups;

    private int ItemGroups
    {
        get
        {
            long elements = Math.Max(1, (long)weight.Rows * fused.Bands.GroupWidth);
            return (int)Math.Clamp((FewestElements + elements - 1) / elements, 1, Math.Max(1, fused.Bands.Groups / WantedItems));
        }
    }

    private int SumStride => fused.Bands.GroupWidth;

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int groups = ItemGroups;
        int end = Math.Min(fused.Bands.Groups, (item + 1) * groups);
        using Scratch memory = new(sizeof(float) * (long)rows * (TileFloats + SumStride));
        float* tile = (float*)memory.Pointer;
        float* sums = tile + (rows * TileFloats);
        for (int group = item * groups; group < end; group++)
        {
            NativeMemory.Clear(sums, (nuint)(sizeof(float) * rows * SumStride));
            foreach (BandSection section in fused.Bands.Sections(group))
            {
                FusedColumns columns = fused.Columns(section.Band);
                for (int part = 0; part < columns.PartsOfGroup; part++)
                {
                    NativeMemory.Clear(tile, (nuint)(sizeof(float) * rows * TileFloats));
                    Multiply(columns, section, part, tile);
                    Add(columns, part, tile, sums);
                }
            }

            int column = group * fused.Bands.GroupWidth;
            int width = Math.Min(fused.Bands.GroupWidth, weight.Columns - column);
            for (int row = 0; row < rows; row++)
            {
                RowEnds.Write<T>(weight, sums + (row * SumStride), column, width, y, row);
            }
        }
    }

    private void Multiply(FusedColumns columns, BandSection section, int part, float* tile)
    {
        int taps = columns.Table.Taps;
        fixed (byte* blob = columns.Blob)
        fixed (float* entries = columns.Table.Values)
        {
            FusedCodes codes = columns.Codes(blob, 0, part).Skip(section.Position);
            float* from = x + section.FirstRow;

            // The first rows of a band have fewer rows before them than there are taps.
            int k = 0;
            for (; k < section.Rows && section.Position + k < taps - 1; k++)
            {
                FusedProduct.Accumulate(from + k, weight.Rows, rows, codes.Skip(k), columns.Table, entries, section.Position + k + 1, 1, tile);
            }

            for (; k < section.Rows; k += MostInputs)
            {
                int count = Math.Min(MostInputs, section.Rows - k);
                FusedProduct.Accumulate(from + k, weight.Rows, rows, codes.Skip(k), columns.Table, entries, taps, count, tile);
            }
        }
    }

    // Parts may share columns at their ends, which are then computed twice: each column is taken from one of them.
    private void Add(FusedColumns columns, int part, float* tile, float* sums)
    {
        for (int register = 0; register < FusedColumns.Registers; register++)
        {
            int first = columns.FirstNew(part, register);
            int column = columns.Column(part, register) + first;
            for (int row = 0; row < rows && first < FusedColumns.Lanes; row++)
            {
                RowMath.Add(sums + (row * SumStride) + column, tile + (row * TileFloats) + (register * FusedColumns.Lanes) + first, FusedColumns.Lanes - first);
            }
        }
    }
}
