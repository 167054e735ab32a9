using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Metrics;

/// <summary>
/// y = x · W + bias where the metric is applied without its matrix: the codes by their own kernels, or the bias alone,
/// and then the metric on top, in float32.
/// </summary>
internal static unsafe class MetricRun
{
    /// <summary>Computes rows of y; parameters as in <see cref="FloatProduct.Run{T}"/>.</summary>
    public static void Run<T>(
        IWorkers workers, PreparedWeight weight, MetricProduct metric, nint x, nint y, long rows)
        where T : struct, IFloatElement
    {
        if (T.IsSingle)
        {
            Run(workers, weight, metric, (float*)x, (float*)y, rows);
            return;
        }

        // Sums of both parts are rounded to the type of y once.
        using Scratch input = new(rows * weight.Rows * sizeof(float));
        using Scratch output = new(rows * weight.Columns * sizeof(float));
        ConvertTask<T> convert = new(x, rows, weight.Rows, (float*)input.Pointer);
        workers.For(ref convert, convert.Items);
        Run(workers, weight, metric, (float*)input.Pointer, (float*)output.Pointer, rows);
        for (long row = 0; row < rows; row++)
        {
            T.Write(
                (float*)output.Pointer + (row * weight.Columns),
                (byte*)y + (row * weight.Columns * T.Size),
                weight.Columns);
        }
    }

    private static void Run(
        IWorkers workers, PreparedWeight weight, MetricProduct metric, float* x, float* y, long rows)
    {
        if (weight.CodesAlone is { } codes)
        {
            FloatProduct.Run<SingleElement>(workers, codes, (nint)x, (nint)y, rows);
        }
        else
        {
            for (long row = 0; row < rows; row++)
            {
                weight.Bias.CopyTo(new Span<float>(y + (row * weight.Columns), weight.Columns));
            }
        }

        using Scratch scaled =
            new(weight.RowScale is null ? 1 : Math.Min(rows, metric.MaxRows) * weight.Rows * sizeof(float));
        for (long row = 0; row < rows; row += metric.MaxRows)
        {
            int count = (int)Math.Min(metric.MaxRows, rows - row);
            float* from = x + (row * weight.Rows);
            if (weight.RowScale is not null)
            {
                for (int i = 0; i < count; i++)
                {
                    RowEnds.Read<SingleElement>(
                        weight, (nint)from, i, (float*)scaled.Pointer + ((long)i * weight.Rows));
                }

                from = (float*)scaled.Pointer;
            }

            metric.AddTo(workers, weight, from, count, y + (row * weight.Columns));
        }
    }
}
