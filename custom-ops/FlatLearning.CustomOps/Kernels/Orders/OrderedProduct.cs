using FlatLearning.OnnxRuntime;

namespace FlatLearning.CustomOps.Kernels.Orders;

/// <summary>
/// y = x · W + bias for a weight whose kernels have an order of rows and columns of their own: x is brought into it, y
/// out of it.
/// </summary>
internal static unsafe class OrderedProduct
{
    /// <summary>Computes rows of y; parameters as in <see cref="FloatProduct.Run{T}"/>.</summary>
    public static void Run<T>(
        KernelContext context, PreparedWeight weight, WeightOrder order, nint x, nint y, long rows)
        where T : struct, IFloatElement
    {
        using Scratch taken = new(rows * weight.Rows * sizeof(float));
        using Scratch sums = new(rows * weight.Columns * sizeof(float));
        TakeRows<T> take = new(x, rows, weight.Rows, order.Rows, null, (float*)taken.Pointer);
        context.ParallelFor(ref take, take.Items);
        FloatProduct.InOrder<SingleElement>(context, weight, (nint)taken.Pointer, (nint)sums.Pointer, rows);
        PutRows<T> put = new((float*)sums.Pointer, rows, weight.Columns, order.Places, y);
        context.ParallelFor(ref put, put.Items);
    }

    /// <summary>The same in float64.</summary>
    public static void Run(
        KernelContext context, PreparedWeight weight, WeightOrder order, double* x, double* y, long rows)
    {
        using Scratch taken = new(rows * weight.Rows * sizeof(double));
        using Scratch sums = new(rows * weight.Columns * sizeof(double));
        TakeWork<double> take = new(x, rows, order.Rows, (double*)taken.Pointer);
        context.ParallelFor(ref take, take.Items);
        DoubleProduct.InOrder(context, weight, (nint)taken.Pointer, (nint)sums.Pointer, rows);
        PutWork<double> put = new((double*)sums.Pointer, rows, order.Columns, y);
        context.ParallelFor(ref put, put.Items);
    }
}
