using System.Runtime.InteropServices;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// One item of a look-up product: one row of x times one column group, summed from the first input to the last.
/// </summary>
/// <typeparam name="TSums">Registers.</typeparam>
/// <param name="codes">Codes of 2 or 4 bits.</param>
/// <param name="x">Rows multiplied by rho, each followed by zeros for the taps.</param>
/// <param name="y">Rows of y.</param>
internal readonly unsafe struct BlockLutTask<TSums>(TableCodes codes, InputRows x, OutputRows y) : IParallelWork
    where TSums : struct, IBlockSums
{
    // Groups of up to 1,024 columns, each position rounded up to whole registers.
    private const int MaxSums = CodeLayout.MaxGroupWidth + (4 * 16);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        CodeLayout layout = codes.Layout;
        (int row, int group) = (item / layout.Groups, item % layout.Groups);
        int stride = (layout.BytesPerRow + TSums.BlockBytes - 1) / TSums.BlockBytes * TSums.BlockBytes;
        float* sums = stackalloc float[MaxSums];
        fixed (byte* all = codes.Packed.Bytes.Span)
        fixed (float* codebook = codes.Table.Values)
        {
            byte* first = all + layout.Offset(group, 0);
            float* from = x.Floats(row);

            // The last block of an input may reach into the next input, whose codes then land in sums that nobody
            // reads; where it would reach beyond the blob, the input comes from a copy.
            long left = codes.Packed.Bytes.Length - layout.Offset(group, 0) - stride;
            int safe = left < 0 ? 0 : (int)Math.Min(layout.Rows, (left / layout.BytesPerRow) + 1);
            Sum(from, safe, first, layout.BytesPerRow, codebook, sums, stride);
            if (safe < layout.Rows)
            {
                AddLast(
                    from + safe, layout.Rows - safe, first + ((long)safe * layout.BytesPerRow), layout.BytesPerRow,
                    codebook, sums, stride);
            }
        }

        // Close the gaps between the positions.
        for (int position = 1; position < 8 / codes.Bits && stride > layout.BytesPerRow; position++)
        {
            NativeMemory.Copy(
                sums + (position * stride), sums + (position * layout.BytesPerRow),
                (nuint)(layout.BytesPerRow * sizeof(float)));
        }

        y.Write(sums, group * layout.GroupWidth, layout.WidthOf(group), row);
    }

    private void Sum(float* from, int inputs, byte* first, int rowBytes, float* codebook, float* sums, int stride)
    {
        for (int at = 0; at < stride; at += TSums.BlockBytes)
        {
            TSums.Sum(codes, from, inputs, first + at, rowBytes, codebook, sums + at, stride);
        }
    }

    private void AddLast(float* from, int inputs, byte* first, int rowBytes, float* codebook, float* sums, int stride)
    {
        float* more = stackalloc float[MaxSums];
        byte* copy = stackalloc byte[MaxSums];
        for (int k = 0; k < inputs; k++)
        {
            NativeMemory.Clear(copy, (nuint)stride);
            NativeMemory.Copy(first + ((long)k * rowBytes), copy, (nuint)rowBytes);
            Sum(from + k, 1, copy, rowBytes, codebook, more, stride);
            for (int i = 0; i < 8 / codes.Bits * stride; i++)
            {
                sums[i] += more[i];
            }
        }
    }
}
