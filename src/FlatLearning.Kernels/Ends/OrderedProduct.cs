using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Float64;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Ends;

/// <summary>
/// y = x · W + bias for a weight whose kernels have an order of rows and columns of their own: x is brought into it, y
/// out of it.
/// </summary>
internal static unsafe class OrderedProduct
{
    /// <summary>Computes rows of y; parameters as in <see cref="FloatProduct.Run{T}"/>.</summary>
    public static void Run<T>(
        IWorkers workers, PreparedWeight weight, Permutation order, nint x, nint y, long rows)
        where T : struct, IFloatElement
    {
        using Scratch taken = new(rows * weight.Rows * sizeof(float));
        using Scratch sums = new(rows * weight.Columns * sizeof(float));
        GatherRowsTask<T> take = new(x, rows, weight.Rows, order.Rows, null, (float*)taken.Pointer);
        workers.For(ref take, take.Items);
        FloatProduct.InOrder<SingleElement>(workers, weight, (nint)taken.Pointer, (nint)sums.Pointer, rows);
        ScatterRowsTask<T> put = new((float*)sums.Pointer, rows, weight.Columns, order.Places, y);
        workers.For(ref put, put.Items);
    }

    /// <summary>The same in float64.</summary>
    public static void Run(
        IWorkers workers, PreparedWeight weight, Permutation order, double* x, double* y, long rows)
    {
        using Scratch taken = new(rows * weight.Rows * sizeof(double));
        using Scratch sums = new(rows * weight.Columns * sizeof(double));
        GatherTask<double> take = new(x, rows, order.Rows, (double*)taken.Pointer);
        workers.For(ref take, take.Items);
        Float64Product.InOrder(workers, weight, (nint)taken.Pointer, (nint)sums.Pointer, rows);
        ScatterTask<double> put = new((double*)sums.Pointer, rows, order.Columns, y);
        workers.For(ref put, put.Items);
    }
}
