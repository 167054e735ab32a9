using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.DequantGemm;

/// <summary>
/// One item of a product in float32: a part of the columns is decoded panel by panel, each panel multiplied into the
/// sums of a block of rows while it is in cache; the last finishes the sums.
/// </summary>
/// <param name="weight">The weight.</param>
/// <param name="grid">The cut.</param>
/// <param name="x">[rows, K].</param>
/// <param name="y">[rows, N].</param>
/// <param name="decoded">Panels that <see cref="PanelDecodeTask"/> decoded, or null.</param>
internal readonly unsafe struct PanelTask<T>(PreparedWeight weight, PanelGrid grid, float* x, nint y, float* decoded)
    : IParallelWork
    where T : struct, IFloatElement
{
    /// <inheritdoc/>
    public void Execute(int item)
    {
        (int block, int place) = (item / grid.ItemsOfBlock, item % grid.ItemsOfBlock);
        long firstRow = (long)block * grid.BlockRows;
        int rows = (int)Math.Min(grid.BlockRows, grid.Rows - firstRow);
        int first = place * grid.ItemParts;
        int end = Math.Min(grid.Parts, first + grid.ItemParts);
        PanelSource source = weight.Panels;
        (int bufferFloats, long sumFloats) = (source.BufferFloats, 0);
        for (int part = first; part < end; part++)
        {
            PanelPart columns = source.Part(part);
            if (!IsDirect(columns) || source.InputsOf(columns) < weight.Rows)
            {
                sumFloats = Math.Max(sumFloats, (long)rows * columns.Width);
            }
        }

        using Scratch memory = new((sizeof(float) * (bufferFloats + sumFloats)) + source.ScratchBytes);
        float* panel = (float*)memory.Pointer;
        float* sums = panel + bufferFloats;
        fixed (float* scale = weight.ColumnScale, bias = weight.Bias)
        {
            for (int part = first; part < end; part++)
            {
                PanelPart columns = source.Part(part);
                if (columns.Count > 0)
                {
                    Multiply(part, columns, firstRow, rows, panel, sums, (byte*)(sums + sumFloats), scale, bias);
                }
            }
        }
    }

    // Whole registers of floats go straight to y.
    private static bool IsDirect(PanelPart part) => T.IsSingle && part.Count == part.Width;

    private void Multiply(
        int number, PanelPart part, long firstRow, int rows, float* panel, float* sums, byte* scratch, float* scale,
        float* bias)
    {
        int inputs = weight.Panels.InputsOf(part);
        int column = (part.Group * weight.Decoder.GroupWidth) + part.First;
        float* from = x + (firstRow * weight.Rows);
        for (int k = 0; k < weight.Rows; k += inputs)
        {
            int count = Math.Min(inputs, weight.Rows - k);
            float* values = decoded is null
                ? weight.Panels.Panel(part, k, count, panel, scratch)
                : PanelDecodeTask.Panel(weight, decoded, number, part, k);
            bool finishes = IsDirect(part) && k + count == weight.Rows;
            TileSums target = new()
            {
                Before = k == 0 ? null : sums,
                BeforeStride = k == 0 ? 0 : part.Width,
                Target = finishes ? (float*)y + (firstRow * weight.Columns) + column : sums,
                TargetStride = finishes ? weight.Columns : part.Width,
                Scale = finishes ? scale + column : null,
                Bias = finishes ? bias + column : null,
            };
            PanelProduct.Multiply(from + k, weight.Rows, rows, values, part.Width, count, target);
        }

        for (int row = 0; row < rows && !IsDirect(part); row++)
        {
            RowEnds.Write<T>(weight, sums + ((long)row * part.Width), column, part.Count, y, firstRow + row);
        }
    }
}
