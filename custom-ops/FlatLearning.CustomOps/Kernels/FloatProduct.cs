using FlatLearning.OnnxRuntime;

namespace FlatLearning.CustomOps.Kernels;

/// <summary>y = x · W + bias with sums in float32: row scales go onto x, column scales onto the sums.</summary>
internal static unsafe class FloatProduct
{
    /// <summary>Computes rows of y.</summary>
    /// <typeparam name="T">The element type of x and y.</typeparam>
    /// <param name="context">Lends the host's threads.</param>
    /// <param name="weight">W and bias.</param>
    /// <param name="x">[rows, K].</param>
    /// <param name="y">[rows, N], overwritten.</param>
    /// <param name="rows">1 or more.</param>
    public static void Run<T>(KernelContext context, PreparedWeight weight, nint x, nint y, long rows)
        where T : struct, IFloatElement
    {
        ProductGrid grid = new(rows, weight.Decoder.Groups);
        if (T.IsSingle && weight.RowScale is null)
        {
            Multiply<T>(context, weight, grid, (float*)x, y);
            return;
        }

        using Scratch scaled = new(rows * weight.Rows * sizeof(float));
        ScaleWork<T> scale = new(weight, grid, x, (float*)scaled.Pointer);
        context.ParallelFor(ref scale, scale.Items);
        Multiply<T>(context, weight, grid, (float*)scaled.Pointer, y);
    }

    private static void Multiply<T>(KernelContext context, PreparedWeight weight, ProductGrid grid, float* x, nint y)
        where T : struct, IFloatElement
    {
        FloatWork<T> work = new(weight, grid, x, y);
        context.ParallelFor(ref work, grid.Items);
    }
}
