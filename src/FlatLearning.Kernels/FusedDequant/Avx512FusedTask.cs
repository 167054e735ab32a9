using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.FusedDequant;

/// <summary>
/// One item of a fused product: some parts of the columns times all rows, summed from the first input to the last.
/// </summary>
/// <param name="fused">The columns.</param>
/// <param name="x">Rows multiplied by rho.</param>
/// <param name="rows">A few.</param>
/// <param name="itemParts">Parts of an item.</param>
/// <param name="y">Rows of y.</param>
internal readonly unsafe struct Avx512FusedTask(
    Avx512FusedColumns fused, InputRows x, int rows, int itemParts, OutputRows y) : IParallelWork
{
    // Inputs whose codes stay in the first-level cache while blocks of rows are multiplied with them.
    private const int MaxInputs = 256;
    private const int RowFloats = Avx512FusedColumns.Registers * Avx512FusedColumns.Lanes;

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int end = Math.Min(fused.Layout.Groups * fused.PartsOfGroup, (item + 1) * itemParts);
        long bytes = sizeof(float) * (long)rows * RowFloats;
        using Scratch memory = new(bytes);
        float* sums = (float*)memory.Pointer;
        for (int part = item * itemParts; part < end; part++)
        {
            NativeMemory.Clear(sums, (nuint)bytes);
            Multiply(part / fused.PartsOfGroup, part % fused.PartsOfGroup, sums);
        }
    }

    private void Multiply(int group, int part, float* sums)
    {
        (int taps, int inputs) = (fused.Table.Taps, fused.Layout.Rows);
        float* from = x.Floats(0);
        fixed (byte* blob = fused.Blob)
        fixed (float* entries = fused.Table.Values)
        {
            Avx512FusedCodes codes = fused.Codes(blob, group, part);

            // The first inputs have fewer inputs before them than there are taps.
            int k = 0;
            for (; k < taps - 1 && k < inputs; k++)
            {
                Avx512FusedProduct.Accumulate(
                    from + k, x.Stride, rows, codes.Skip(k), fused.Table, entries, k + 1, 1, sums);
            }

            for (; k < inputs; k += MaxInputs)
            {
                int count = Math.Min(MaxInputs, inputs - k);
                Avx512FusedProduct.Accumulate(
                    from + k, x.Stride, rows, codes.Skip(k), fused.Table, entries, taps, count, sums);
            }
        }

        Write(group, part, sums);
    }

    private void Write(int group, int part, float* sums)
    {
        int width = fused.Layout.WidthOf(group);
        for (int register = 0; register < Avx512FusedColumns.Registers; register++)
        {
            int inGroup = fused.Column(part, register);
            int column = (group * fused.Layout.GroupWidth) + inGroup;
            int count = Math.Min(Avx512FusedColumns.Lanes, width - inGroup);
            float* from = sums + (register * Avx512FusedColumns.Lanes);
            if (y.Floats is not null && count == Avx512FusedColumns.Lanes)
            {
                WriteRegister(from, column);
                continue;
            }

            for (int row = 0; row < rows && count > 0; row++)
            {
                y.Write(from + (row * RowFloats), column, count, row);
            }
        }
    }

    private void WriteRegister(float* sums, int column)
    {
        Vector512<float> scale = Vector512.Load(y.Scale(column));
        Vector512<float> bias = Vector512.Load(y.Bias(column));
        float* target = y.Floats + column;
        for (int row = 0; row < rows; row++, sums += RowFloats, target += y.Columns)
        {
            ((Vector512.Load(sums) * scale) + bias).Store(target);
        }
    }
}
