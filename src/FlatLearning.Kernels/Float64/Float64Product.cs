using FlatLearning.Kernels.Ends;
using FlatLearning.Kernels.Sparse;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Float64;

/// <summary>y = x · W + bias for float64 x: W is decoded in float32, everything after that is float64.</summary>
internal static unsafe class Float64Product
{
    /// <summary>Computes rows of y; parameters as in <see cref="FloatProduct.Run{T}"/>.</summary>
    public static void Run(IWorkers workers, PreparedWeight weight, nint x, nint y, long rows)
    {
        if (weight.Sparse is { } elements)
        {
            SparseProduct.Run(workers, weight, elements, (double*)x, (double*)y, rows);
            return;
        }

        if (weight.Order is { } order)
        {
            OrderedProduct.Run(workers, weight, order, (double*)x, (double*)y, rows);
            return;
        }

        InOrder(workers, weight, x, y, rows);
    }

    /// <summary>Computes rows of y for x and y in the weight's own order.</summary>
    public static void InOrder(IWorkers workers, PreparedWeight weight, nint x, nint y, long rows)
    {
        Float64Grid grid = new(rows, weight.Decoder.Groups);
        Float64Task work = new(weight, grid, (double*)x, (double*)y);
        workers.For(ref work, grid.Items);
    }
}
