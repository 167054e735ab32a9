using FlatLearning.CustomOps.Kernels.Orders;
using FlatLearning.CustomOps.Kernels.Sparse;
using FlatLearning.OnnxRuntime;

namespace FlatLearning.CustomOps.Kernels;

/// <summary>y = x · W + bias for float64 x: W is decoded in float32, everything after that is float64.</summary>
internal static unsafe class DoubleProduct
{
    /// <summary>Computes rows of y; parameters as in <see cref="FloatProduct.Run{T}"/>.</summary>
    public static void Run(KernelContext context, PreparedWeight weight, nint x, nint y, long rows)
    {
        if (weight.Sparse is { } elements)
        {
            SparseRun.Run(context, weight, elements, (double*)x, (double*)y, rows);
            return;
        }

        if (weight.Order is { } order)
        {
            OrderedProduct.Run(context, weight, order, (double*)x, (double*)y, rows);
            return;
        }

        InOrder(context, weight, x, y, rows);
    }

    /// <summary>Computes rows of y for x and y in the weight's own order.</summary>
    public static void InOrder(KernelContext context, PreparedWeight weight, nint x, nint y, long rows)
    {
        ProductGrid grid = new(rows, weight.Decoder.Groups);
        DoubleWork work = new(weight, grid, (double*)x, (double*)y);
        context.ParallelFor(ref work, grid.Items);
    }
}
