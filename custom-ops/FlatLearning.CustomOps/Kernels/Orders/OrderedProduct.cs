using FlatLearning.OnnxRuntime;

namespace FlatLearning.CustomOps.Kernels.Orders;

/// <summary>y = x · W + bias for a weight whose kernels have an order of rows and columns of their own: x is brought into it, y out of it.</summary>
internal static unsafe class OrderedProduct
{
    /// <summary>Computes rows of y; parameters as in <see cref="FloatProduct.Run{T}"/>.</summary>
    public static void Run<T>(KernelContext context, PreparedWeight weight, WeightOrder order, nint x, nint y, long rows)
        where T : struct, IFloatElement
    {
        using Scratch taken = new(rows * weight.Rows * sizeof(float));
        using Scratch sums = new(rows * weight.Columns * sizeof(float));
        float* source = (float*)x;
        using Scratch converted = new(T.IsSingle ? 1 : rows * Math.Max(weight.Rows, weight.Columns) * sizeof(float));
        if (!T.IsSingle)
        {
            source = (float*)converted.Pointer;
            ConvertWork<T> convert = new(x, rows, weight.Rows, source);
            context.ParallelFor(ref convert, convert.Items);
        }

        TakeWork<float> take = new(source, rows, order.Rows, (float*)taken.Pointer);
        context.ParallelFor(ref take, take.Items);
        FloatProduct.InOrder<SingleElement>(context, weight, (nint)taken.Pointer, (nint)sums.Pointer, rows);
        float* target = T.IsSingle ? (float*)y : (float*)converted.Pointer;
        PutWork<float> put = new((float*)sums.Pointer, rows, order.Columns, target);
        context.ParallelFor(ref put, put.Items);
        for (long row = 0; !T.IsSingle && row < rows; row++)
        {
            T.Write(target + (row * weight.Columns), (byte*)y + (row * weight.Columns * T.Size), weight.Columns);
        }
    }

    /// <summary>The same in float64.</summary>
    public static void Run(KernelContext context, PreparedWeight weight, WeightOrder order, double* x, double* y, long rows)
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
