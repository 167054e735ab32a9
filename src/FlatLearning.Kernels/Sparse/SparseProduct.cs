using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Ends;
using FlatLearning.Kernels.Float64;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Sparse;

/// <summary>
/// y = x · W + bias of a weight with sparse elements: the rest by its own kernels, or the bias alone, and then the
/// elements on top, before y is rounded to its type.
/// </summary>
internal static unsafe class SparseProduct
{
    /// <summary>Computes rows of y; parameters as in <see cref="FloatProduct.Run{T}"/>.</summary>
    public static void Run<T>(
        IWorkers workers, PreparedWeight weight, SparseElements elements, nint x, nint y, long rows)
        where T : struct, IFloatElement
    {
        if (T.IsSingle)
        {
            Run(workers, weight, elements, (float*)x, (float*)y, rows);
            return;
        }

        using Scratch input = new(rows * weight.Rows * sizeof(float));
        using Scratch output = new(rows * weight.Columns * sizeof(float));
        ConvertTask<T> convert = new(x, rows, weight.Rows, (float*)input.Pointer);
        workers.For(ref convert, convert.Items);
        Run(workers, weight, elements, (float*)input.Pointer, (float*)output.Pointer, rows);
        for (long row = 0; row < rows; row++)
        {
            T.Write(
                (float*)output.Pointer + (row * weight.Columns),
                (byte*)y + (row * weight.Columns * T.Size),
                weight.Columns);
        }
    }

    /// <summary>The same in float64.</summary>
    public static void Run(
        IWorkers workers, PreparedWeight weight, SparseElements elements, double* x, double* y, long rows)
    {
        if (weight.WithoutSparse is { } rest)
        {
            Float64Product.Run(workers, rest, (nint)x, (nint)y, rows);
        }
        else
        {
            for (long i = 0; i < rows * weight.Columns; i++)
            {
                y[i] = weight.WideBias?[i % weight.Columns] ?? 0;
            }
        }

        SparseTask<double> work = new(elements, x, y, rows);
        workers.For(ref work, work.Items);
    }

    private static void Run(
        IWorkers workers, PreparedWeight weight, SparseElements elements, float* x, float* y, long rows)
    {
        if (weight.WithoutSparse is { } rest)
        {
            FloatProduct.Run<SingleElement>(workers, rest, (nint)x, (nint)y, rows);
        }
        else
        {
            for (long row = 0; row < rows; row++)
            {
                weight.Bias.CopyTo(new Span<float>(y + (row * weight.Columns), weight.Columns));
            }
        }

        SparseTask<float> work = new(elements, x, y, rows);
        workers.For(ref work, work.Items);
    }
}
