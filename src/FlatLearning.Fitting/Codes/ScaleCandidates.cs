using System.Numerics;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Codes;

/// <summary>The scales that a fit tries, and the scalar quantiser to start from under given scales.</summary>
internal static class ScaleCandidates
{
    private const int SampleSize = 1 << 15;

    /// <summary>A product of the largest scales beyond this could overflow while decoding in float32.</summary>
    private const double LargestProduct = 1e34;

    /// <summary>One or two choices, without row scales first.</summary>
    public static List<Scales> Of(MetricTarget target, RowScales wish)
    {
        List<Scales> candidates = [];
        if (wish != RowScales.Always)
        {
            candidates.Add(Make(target, withRows: false));
        }

        if (wish != RowScales.Never)
        {
            Scales scales = Make(target, withRows: true);
            if (scales.Row!.Max() * scales.Column.Max() < LargestProduct)
            {
                candidates.Add(scales);
            }
        }

        return candidates.Count > 0 ? candidates : Of(target, RowScales.Never);
    }

    private static Scales Make(MetricTarget target, bool withRows) =>
        Scales.FromRootMeanSquares(target.Values, target.Rows, target.Columns, withRows, target.Workers);

    /// <summary>
    /// The Lloyd-Max table of a sample of the weight, at positions that a step prime to the size spreads over rows and
    /// columns.
    /// </summary>
    public static AdditiveTables ScalarTable(
        ReadOnlySpan<float> w, double[] importance, Scales scales, int bits, double[]? field)
    {
        (int rows, int columns) = (importance.Length, scales.Column.Length);
        long size = (long)rows * columns;
        int count = (int)Math.Min(size, SampleSize);
        long step = size / count;
        while (step > 1 && BigInteger.GreatestCommonDivisor(step, size) != 1)
        {
            step++;
        }

        double[] values = new double[count];
        double[] weights = new double[count];
        for (int i = 0; i < count; i++)
        {
            int position = (int)(i * step % size);
            double scale = scales.RowAt(position / columns) * scales.Column[position % columns];
            values[i] = (w[position] * Scales.Inverse(scale)) - (field is null ? 0 : field[position]);
            weights[i] = scale * scale * importance[position / columns];
        }

        return new AdditiveTables(
            bits, 1, Array.ConvertAll(LloydMax.Fit(values, weights, 1 << bits, out _), value => (float)value));
    }
}
