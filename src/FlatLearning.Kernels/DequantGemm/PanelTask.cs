using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.DequantGemm;

/// <summary>
/// One item of a product in float32: a part of the columns is decoded panel by panel, each panel multiplied into the
/// sums of a block of rows while it is in cache; the last finishes the sums.
/// </summary>
/// <param name="source">The weight.</param>
/// <param name="grid">The cut.</param>
/// <param name="x">Rows of x.</param>
/// <param name="y">Rows of y.</param>
/// <param name="decoded">Panels that <see cref="PanelDecodeTask"/> decoded, or null.</param>
/// <param name="registers">Which are used.</param>
internal readonly unsafe struct PanelTask(
    PanelSource source, PanelGrid grid, InputRows x, OutputRows y, float* decoded, SimdWidth registers)
    : IParallelWork
{
    /// <inheritdoc/>
    public void Execute(int item)
    {
        (int block, int place) = (item / grid.ItemsOfBlock, item % grid.ItemsOfBlock);
        long firstRow = (long)block * grid.BlockRows;
        int rows = (int)Math.Min(grid.BlockRows, grid.Rows - firstRow);
        int first = place * grid.ItemParts;
        int end = Math.Min(grid.Parts, first + grid.ItemParts);
        (int bufferFloats, long sumFloats) = (source.BufferFloats, 0);
        for (int part = first; part < end; part++)
        {
            PanelPart columns = source.Part(part);
            if (!IsDirect(columns) || source.InputsOf(columns) < x.Stride)
            {
                sumFloats = Math.Max(sumFloats, (long)rows * columns.Width);
            }
        }

        using Scratch memory = new((sizeof(float) * (bufferFloats + sumFloats)) + source.ScratchBytes);
        float* panel = (float*)memory.Pointer;
        float* sums = panel + bufferFloats;
        for (int part = first; part < end; part++)
        {
            PanelPart columns = source.Part(part);
            if (columns.Count > 0)
            {
                Multiply(part, columns, firstRow, rows, panel, sums, (byte*)(sums + sumFloats));
            }
        }
    }

    // Whole registers of floats go straight to y.
    private bool IsDirect(PanelPart part) => y.Floats is not null && part.Count == part.Width;

    private void Multiply(
        int number, PanelPart part, long firstRow, int rows, float* panel, float* sums, byte* scratch)
    {
        int inputs = source.InputsOf(part);
        int column = part.Column;
        float* from = x.Floats(firstRow);
        for (int k = 0; k < x.Stride; k += inputs)
        {
            int count = Math.Min(inputs, x.Stride - k);
            float* values = decoded is null
                ? source.Panel(part, k, count, panel, scratch)
                : PanelDecodeTask.Panel(x.Stride, decoded, number, part, k);
            bool finishes = IsDirect(part) && k + count == x.Stride;
            TileSums target = new()
            {
                Before = k == 0 ? null : sums,
                BeforeStride = k == 0 ? 0 : part.Width,
                Target = finishes ? y.Floats + (firstRow * y.Columns) + column : sums,
                TargetStride = finishes ? y.Columns : part.Width,
                Scale = finishes ? y.Scale(column) : null,
                Bias = finishes ? y.Bias(column) : null,
            };
            PanelProduct.Multiply(from + k, x.Stride, rows, values, part.Width, count, target, registers);
        }

        for (int row = 0; row < rows && !IsDirect(part); row++)
        {
            y.Write(sums + ((long)row * part.Width), column, part.Count, firstRow + row);
        }
    }
}
