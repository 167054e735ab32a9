using System.Runtime.InteropServices;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>
/// One item of a product of several rows: blocks of 64 columns are decoded section by section, panel by panel, each
/// panel multiplied into the sums of a block of rows while it is in cache. Panels and sums have the columns in the
/// order of the registers of <see cref="Avx512MixedDecode{TBits, TTaps, TBlocks}"/>, which the last step undoes.
/// </summary>
/// <param name="bands">The codes.</param>
/// <param name="grid">The cut; its parts are blocks.</param>
/// <param name="x">Rows multiplied by rho.</param>
/// <param name="y">Rows of y.</param>
internal readonly unsafe struct Avx512MixedGemmTask(
    Avx512MixedCodes bands, PanelGrid grid, InputRows x, OutputRows y) : IParallelWork
{
    private const int Block = Avx512MixedBand.Block;
    private const int PanelRows = PanelSource.MaxFloats / Block;

    /// <inheritdoc/>
    public void Execute(int item)
    {
        (int block, int place) = (item / grid.ItemsOfBlock, item % grid.ItemsOfBlock);
        long firstRow = (long)block * grid.BlockRows;
        int rows = (int)Math.Min(grid.BlockRows, grid.Rows - firstRow);
        int first = place * grid.ItemParts;
        int end = Math.Min(grid.Parts, first + grid.ItemParts);
        int floats = rows * Block;
        using Scratch memory = new((sizeof(float) * (PanelSource.MaxFloats + (2L * floats))) + bands.ScratchBytes);
        float* panel = (float*)memory.Pointer;
        float* blocks = panel + PanelSource.MaxFloats;
        float* columns = blocks + floats;
        for (int part = first; part < end; part++)
        {
            int group = part / bands.BlocksOfGroup;
            int column = part % bands.BlocksOfGroup * Block;
            NativeMemory.Clear(blocks, 2 * (nuint)floats * sizeof(float));
            foreach (BandSection section in bands.Codes.Sections(group))
            {
                Multiply(
                    column, section, x.Floats(firstRow) + section.FirstRow, rows, panel, blocks, columns,
                    (byte*)(columns + floats));
            }

            Write(group, column, firstRow, rows, blocks, columns);
        }
    }

    private void Multiply(
        int column, BandSection section, float* from, int rows, float* panel, float* blocks, float* columns,
        byte* scratch)
    {
        Avx512MixedBand? band = bands.LookUp(section.Band);
        fixed (byte* blob = band is null ? [] : band.Blob)
        {
            byte* codes = band is null ? null : blob + band.Offset(column / band.Width);
            for (int k = 0; k < section.Rows; k += PanelRows)
            {
                int count = Math.Min(PanelRows, section.Rows - k);
                if (band is not null)
                {
                    Avx512MixedDispatch.Decode(
                        band, codes, column % band.Width / Block, section.Position + k, count, panel);
                    PanelProduct.Accumulate(from + k, x.Stride, rows, panel, Block, count, blocks);
                }
                else
                {
                    // The last block of a group may have fewer columns than its registers.
                    int width = Math.Min(
                        Block,
                        (bands.Codes.GroupWidth - column + PanelProduct.Block - 1) / PanelProduct.Block
                            * PanelProduct.Block);
                    bands.Decoder(section.Band)
                        .Decode(0, section.Position + k, column, width, null, count, panel, width, scratch);
                    TileSums target =
                        new() { Before = columns, BeforeStride = Block, Target = columns, TargetStride = Block };
                    PanelProduct.Multiply(from + k, x.Stride, rows, panel, width, count, target, SimdWidth.Widest);
                }
            }
        }
    }

    private void Write(int group, int column, long firstRow, int rows, float* blocks, float* columns)
    {
        int width = Math.Min(
            Math.Min(bands.Codes.GroupWidth, bands.Codes.Columns - (group * bands.Codes.GroupWidth)) - column, Block);
        for (int row = 0; row < rows && width > 0; row++, blocks += Block, columns += Block)
        {
            Avx512MixedColumns.Add(blocks, columns);
            y.Write(columns, (group * bands.Codes.GroupWidth) + column, width, firstRow + row);
        }
    }
}
