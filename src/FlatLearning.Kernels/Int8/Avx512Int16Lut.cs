using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Ends;
using FlatLearning.Kernels.Lut;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Int8;

/// <summary>y = x · W + bias with products in fixed point, see <see cref="Avx512Int16Codes"/>.</summary>
internal static unsafe class Avx512Int16Lut
{
    /// <summary>Computes a few rows of y; parameters as in <see cref="FloatProduct.Run{T}"/>.</summary>
    public static void Run<T>(
        IWorkers workers, PreparedWeight weight, Avx512Int16Codes tables, nint x, nint y, int rows)
        where T : struct, IFloatElement
    {
        int stride = weight.Rows + BlockLutTables.Padding;
        int blocks = (weight.Rows + Avx512Int16Codes.BlockInputs - 1) / Avx512Int16Codes.BlockInputs;
        long tableBytes = sizeof(short) * (long)rows * tables.Windows.Tables * Avx512LutCodes.Entries;
        using Scratch scaled = new((long)rows * stride * sizeof(float));
        using Scratch entries = new(tableBytes + (sizeof(float) * (long)rows * blocks));
        RowEnds.ReadPadded<T>(weight, x, rows, (float*)scaled.Pointer, stride);
        float* units = (float*)((byte*)entries.Pointer + tableBytes);
        Avx512Int16TableTask write =
            new(tables, (float*)scaled.Pointer, stride, weight.Rows, (short*)entries.Pointer, units);
        workers.For(ref write, rows * write.ItemsOfRow);
        Avx512Int16LutTask<T> work = new(weight, tables, (short*)entries.Pointer, units, rows, y);
        workers.For(ref work, work.Items);
    }
}
