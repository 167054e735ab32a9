using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// One item of a look-up product: one row of x times one column group, summed from the first input to the last.
/// </summary>
/// <param name="weight">The weight.</param>
/// <param name="tables">Its codebook and codes.</param>
/// <param name="x">Rows of K inputs multiplied by rho, each followed by zeros.</param>
/// <param name="xStride">Floats from row to row.</param>
/// <param name="y">[rows, N].</param>
internal readonly unsafe struct BlockLutTask<T>(
    PreparedWeight weight, BlockLutTables tables, float* x, int xStride, nint y) : IParallelWork
    where T : struct, IFloatElement
{
    // Groups of up to 1,024 columns, each position rounded up to whole registers.
    private const int MaxSums = CodeLayout.MaxGroupWidth + (4 * Avx512BlockSums.BlockBytes);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        CodeLayout layout = tables.Packed.Layout;
        (int row, int group) = (item / layout.Groups, item % layout.Groups);
        int block = Avx512F.IsSupported ? Avx512BlockSums.BlockBytes : Avx2BlockSums.BlockBytes;
        int stride = (layout.BytesPerRow + block - 1) / block * block;
        float* sums = stackalloc float[MaxSums];
        fixed (byte* all = tables.Packed.Bytes.Span)
        fixed (float* codebook = tables.Codebook)
        {
            byte* codes = all + layout.Offset(group, 0);
            float* from = x + ((long)row * xStride);

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

        Finish(row, group, layout.BytesPerRow, stride, sums);
    }

    private void Sum(float* from, int inputs, byte* codes, int rowBytes, float* codebook, float* sums, int stride)
    {
        int at = 0;
        while (at < stride)
        {
            int left = stride - at;
            if (Avx512F.IsSupported)
            {
                if (tables.Positions == 4)
                {
                    Avx512BlockSums.TwoBits(
                        from, inputs, codes + at, rowBytes, codebook, tables.Taps, sums + at, stride);
                    at += 16;
                }
                else if (left >= 64)
                {
                    Avx512BlockSums.FourBitsWide(
                        from, inputs, codes + at, rowBytes, codebook, tables.Taps, sums + at, stride);
                    at += 64;
                }
                else
                {
                    Avx512BlockSums.FourBits(
                        from, inputs, codes + at, rowBytes, codebook, tables.Taps, sums + at, stride);
                    at += 16;
                }
            }
            else if (tables.Positions == 4)
            {
                Avx2BlockSums.TwoBits(from, inputs, codes + at, rowBytes, codebook, tables.Taps, sums + at, stride);
                at += 8;
            }
            else if (left >= 32)
            {
                Avx2BlockSums.FourBitsWide(
                    from, inputs, codes + at, rowBytes, codebook, tables.Taps, sums + at, stride);
                at += 32;
            }
            else
            {
                Avx2BlockSums.FourBits(from, inputs, codes + at, rowBytes, codebook, tables.Taps, sums + at, stride);
                at += 8;
            }
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

    private void Finish(int row, int group, int rowBytes, int stride, float* sums)
    {
        // Close the gaps between the positions.
        for (int position = 1; position < tables.Positions && stride > rowBytes; position++)
        {
            NativeMemory.Copy(
                sums + (position * stride), sums + (position * rowBytes), (nuint)(rowBytes * sizeof(float)));
        }

        RowEnds.Write<T>(weight, sums, group * weight.Decoder.GroupWidth, weight.Decoder.WidthOf(group), y, row);
    }
}
