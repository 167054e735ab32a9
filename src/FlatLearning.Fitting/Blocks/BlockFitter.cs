using FlatLearning.Fitting.Codes;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Blocks;

/// <summary>
/// Stores a weight in blocks. With second moments H beside the diagonal, rows are rounded in order, and what earlier
/// rows got wrong is added to the target of later ones (docs/derivations/error-feedback.md).
/// </summary>
public static class BlockFitter
{
    private const int ColumnsOfItem = 16;

    // Scales of a magnitude that 16 bits hold with all their precision.
    private const float MinHalf = 1e-2f;
    private const float MaxHalf = 6e4f;

    /// <summary>
    /// Scales as small as keeps their precision: 16 bits where the weight's largest value allows that.
    /// </summary>
    /// <param name="matrix">The weight.</param>
    public static ScaleType ScalesOf(ReadOnlySpan<float> matrix)
    {
        float max = 0;
        foreach (float value in matrix)
        {
            max = Math.Max(max, Math.Abs(value));
        }

        return max is >= MinHalf and <= MaxHalf ? ScaleType.Float16 : ScaleType.Float32;
    }

    /// <summary>Fits.</summary>
    /// <param name="matrix">W, row-major [rows, columns], finite.</param>
    /// <param name="rows">K, 1 or more.</param>
    /// <param name="columns">N, 1 or more.</param>
    /// <param name="format">The format.</param>
    /// <param name="scales">How scales are stored.</param>
    /// <param name="options">H and threads; the result is the same for any number of threads.</param>
    /// <param name="cancellation">Looked at between columns.</param>
    public static BlockCodes Fit(
        ReadOnlyMemory<float> matrix, int rows, int columns, BlockFormat format, ScaleType scales, FitOptions options,
        CancellationToken cancellation = default)
    {
        Hessian hessian = options.Hessian;
        if (!hessian.IsIdentity)
        {
            hessian.RequireRows(rows);
        }

        FeedbackFactor? factor = hessian.IsFull ? hessian.FactorBy(options.Workers) : null;
        double[] importance = [.. Enumerable.Range(0, rows).Select(k => factor?.Diagonal[k] ?? hessian.At(k))];
        int blocks = format.BlocksOf(rows);
        BlockCodes result = new(
            format, rows, columns, new byte[checked(rows * columns)], new float[blocks * columns],
            format.HasZeroPoints ? new byte[blocks * columns] : null);
        options.Workers.ForRanges(columns, ColumnsOfItem, (begin, end) =>
        {
            BlockRounding rounding = new(format, scales);
            float[] column = new float[rows];
            float[] errors = new float[rows];
            for (int n = begin; n < end; n++)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int k = 0; k < rows; k++)
                {
                    column[k] = matrix.Span[(k * columns) + n];
                }

                FitColumn(result, n, column, errors, importance, factor, rounding);
            }
        });
        return result;
    }

    private static void FitColumn(
        BlockCodes result, int n, float[] column, float[] errors, double[] importance, FeedbackFactor? factor,
        BlockRounding rounding)
    {
        (int rows, int size) = (result.Rows, result.Format.Size);
        Span<byte> codes = result.Codes.AsSpan(n * rows, rows);
        float[] targets = new float[size];
        for (int first = 0, block = n * result.Blocks; first < rows; first += size, block++)
        {
            int count = Math.Min(size, rows - first);
            for (int i = 0; i < count; i++)
            {
                targets[i] = column[first + i] + Carried(factor, errors, first + i, first);
            }

            (float scale, int zero) = rounding.Round(
                targets.AsSpan(0, count), importance.AsSpan(first, count), codes.Slice(first, count));
            result.Scales[block] = scale;
            if (result.ZeroPoints is { } zeros)
            {
                zeros[block] = (byte)zero;
            }

            for (int k = first; factor is not null && k < first + count; k++)
            {
                // The block's own earlier rows too.
                codes[k] = rounding.Code(column[k] + Carried(factor, errors, k, k), scale, zero);
                errors[k] = column[k] - (scale * (codes[k] - zero));
            }
        }
    }

    // What the first rows of a column got wrong, as a later row makes up for it.
    private static float Carried(FeedbackFactor? factor, float[] errors, int row, int count) => factor is null
        ? 0
        : Dot.InType<float>(factor.Lower.AsSpan(row * errors.Length, count), errors.AsSpan(0, count));
}
