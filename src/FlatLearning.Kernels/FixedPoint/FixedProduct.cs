using FlatLearning.Kernels.Nibbles;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.FixedPoint;

/// <summary>y = x · W + bias with products in fixed point, see <see cref="FixedWeight"/>.</summary>
internal static unsafe class FixedProduct
{
    /// <summary>Computes a few rows of y; parameters as in <see cref="FloatProduct.Run{T}"/>.</summary>
    public static void Run<T>(
        IWorkers workers, PreparedWeight weight, FixedWeight tables, nint x, nint y, int rows)
        where T : struct, IFloatElement
    {
        int stride = weight.Rows + LookUpTables.Padding;
        int blocks = (weight.Rows + FixedWeight.BlockInputs - 1) / FixedWeight.BlockInputs;
        long tableBytes = sizeof(short) * (long)rows * tables.Windows.Tables * NibbleWindows.Entries;
        using Scratch scaled = new((long)rows * stride * sizeof(float));
        using Scratch entries = new(tableBytes + (sizeof(float) * (long)rows * blocks));
        RowEnds.ReadPadded<T>(weight, x, rows, (float*)scaled.Pointer, stride);
        float* units = (float*)((byte*)entries.Pointer + tableBytes);
        FixedTableWork write = new(tables, (float*)scaled.Pointer, stride, weight.Rows, (short*)entries.Pointer, units);
        workers.For(ref write, rows * write.ItemsOfRow);
        FixedWork<T> work = new(weight, tables, (short*)entries.Pointer, units, rows, y);
        workers.For(ref work, work.Items);
    }
}
