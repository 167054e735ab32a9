using System.Runtime.InteropServices;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// One item of a look-up product: one row of x times one column group, summed from the first input to the last.
/// </summary>
/// <typeparam name="TSums">Registers.</typeparam>
/// <param name="tables">Codebook and codes.</param>
/// <param name="x">Rows multiplied by rho, each followed by zeros for the taps.</param>
/// <param name="y">Rows of y.</param>
internal readonly unsafe struct BlockLutTask<TSums>(BlockLutTables tables, InputRows x, OutputRows y) : IParallelWork
    where TSums : struct, IBlockSums
{
    // Groups of up to 1,024 columns, each position rounded up to whole registers.
    private const int MaxSums = CodeLayout.MaxGroupWidth + (4 * 16);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        CodeLayout layout = tables.Packed.Layout;
        (int row, int group) = (item / layout.Groups, item % layout.Groups);
        int stride = (layout.BytesPerRow + TSums.BlockBytes - 1) / TSums.BlockBytes * TSums.BlockBytes;
        float* sums = stackalloc float[MaxSums];
        fixed (byte* all = tables.Packed.Bytes.Span)
        fixed (float* codebook = tables.Codebook)
        {
            byte* codes = all + layout.Offset(group, 0);
            float* from = x.Floats(row);

            // The last block of an input may reach into the next input, whose codes then land in sums that nobody
            // reads; where it would reach beyond the blob, the input comes from a copy.
            long left = tables.Packed.Bytes.Length - layout.Offset(group, 0) - stride;
            int safe = left < 0 ? 0 : (int)Math.Min(layout.Rows, (left / layout.BytesPerRow) + 1);
            Sum(from, safe, codes, layout.BytesPerRow, codebook, sums, stride);
            if (safe < layout.Rows)
            {
                AddLast(
                    from + safe, layout.Rows - safe, codes + ((long)safe * layout.BytesPerRow), layout.BytesPerRow,
                    codebook, sums, stride);
            }
        }

        // Close the gaps between the positions.
        for (int position = 1; position < tables.Positions && stride > layout.BytesPerRow; position++)
        {
            NativeMemory.Copy(
                sums + (position * stride), sums + (position * layout.BytesPerRow),
                (nuint)(layout.BytesPerRow * sizeof(float)));
        }

        y.Write(sums, group * layout.GroupWidth, layout.WidthOf(group), row);
    }

    private void Sum(float* from, int inputs, byte* codes, int rowBytes, float* codebook, float* sums, int stride)
    {
        for (int at = 0; at < stride; at += TSums.BlockBytes)
        {
            TSums.Sum(tables, from, inputs, codes + at, rowBytes, codebook, sums + at, stride);
        }
    }

    private void AddLast(float* from, int inputs, byte* codes, int rowBytes, float* codebook, float* sums, int stride)
    {
        float* more = stackalloc float[MaxSums];
        byte* copy = stackalloc byte[MaxSums];
        for (int k = 0; k < inputs; k++)
        {
            NativeMemory.Clear(copy, (nuint)stride);
            NativeMemory.Copy(codes + ((long)k * rowBytes), copy, (nuint)rowBytes);
            Sum(from + k, 1, copy, rowBytes, codebook, more, stride);
            for (int i = 0; i < tables.Positions * stride; i++)
            {
                sums[i] += more[i];
            }
        }
    }
}
