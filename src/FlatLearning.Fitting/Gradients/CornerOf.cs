using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Gradients;

/// <summary>
/// The first rows and columns of a target at standard deviation 1: enough to check derivatives on, however large the
/// matrix.
/// </summary>
internal static class CornerOf
{
    private const int Max = 96;

    /// <summary>Rows and columns are at most 96; a full H is replaced by its diagonal.</summary>
    public static MetricTarget Target(MetricTarget target)
    {
        int rows = Math.Min(Max, target.Rows);
        int columns = Math.Min(Max, target.Columns);
        float[] values = new float[rows * columns];
        double[] weights = new double[rows];
        double sum = 0;
        for (int k = 0; k < rows; k++)
        {
            weights[k] = target.Hessian.At(k);
            target.Values.Span.Slice(k * target.Columns, columns).CopyTo(values.AsSpan(k * columns));
        }

        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        double scale = sum > 0 ? Math.Sqrt(values.Length / sum) : 1;
        foreach (ref float value in values.AsSpan())
        {
            value = (float)(value * scale);
        }

        return new MetricTarget(values, rows, columns, Hessian.Diagonal(weights)) { Workers = target.Workers };
    }
}
