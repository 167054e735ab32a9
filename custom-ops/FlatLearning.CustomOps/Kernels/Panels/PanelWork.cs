using System.Runtime.InteropServices;
using FlatLearning.OnnxRuntime;

namespace FlatLearning.CustomOps.Kernels.Panels;

/// <summary>
/// One item of a product in float32: a part of the columns is decoded panel by panel, each panel multiplied into the sums of a block of rows while it
/// is in cache, then the sums are scaled and written.
/// </summary>
/// <param name="weight">The weight.</param>
/// <param name="grid">The cut.</param>
/// <param name="x">[rows, K].</param>
/// <param name="y">[rows, N].</param>
internal readonly unsafe struct PanelWork<T>(PreparedWeight weight, PanelGrid grid, float* x, nint y) : IParallelWork
    where T : struct, IFloatElement
{
    private const int MostInputs = 256;

    /// <inheritdoc/>
    public void Execute(int item)
    {
        (int block, int place) = (item / grid.ItemsOfBlock, item % grid.ItemsOfBlock);
        long firstRow = (long)block * grid.BlockRows;
        int rows = (int)Math.Min(grid.BlockRows, grid.Rows - firstRow);
        int end = Math.Min(grid.Parts, (place + 1) * grid.ItemParts);
        for (int part = place * grid.ItemParts; part < end; part++)
        {
            PanelPart columns = weight.Panels.Part(part);
            if (columns.Count > 0)
            {
                Multiply(part, columns, firstRow, rows);
            }
        }
    }

    private void Multiply(int number, PanelPart part, long firstRow, int rows)
    {
        int inputs = Math.Min(weight.Rows, Math.Clamp(PanelSource.MostFloats / part.Width, 1, MostInputs));
        long panelBytes = sizeof(float) * (long)inputs * part.Width;
        long sumBytes = sizeof(float) * (long)rows * part.Width;
        using Scratch memory = new(panelBytes + sumBytes + weight.Panels.ScratchBytes);
        float* panel = (float*)memory.Pointer;
        float* sums = (float*)((byte*)panel + panelBytes);
        byte* scratch = (byte*)sums + sumBytes;
        NativeMemory.Clear(sums, (nuint)sumBytes);
        for (int k = 0; k < weight.Rows; k += inputs)
        {
            int count = Math.Min(inputs, weight.Rows - k);
            float* decoded = weight.Panels.Panel(number, part, k, count, panel, scratch);
            PanelProduct.Accumulate(x + (firstRow * weight.Rows) + k, weight.Rows, rows, decoded, part.Width, count, sums);
        }

        int column = (part.Group * weight.Decoder.GroupWidth) + part.First;
        for (int row = 0; row < rows; row++)
        {
            RowEnds.Write<T>(weight, sums + ((long)row * part.Width), column, part.Count, y, firstRow + row);
        }
    }
}
