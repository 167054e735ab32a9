using System.Numerics;

namespace FlatLearning.Fitting.Codes;

/// <summary>Decides whether rows get scales, by the error of the best scalar quantiser with and without them on a sample of the weight.</summary>
internal static class ScaleChoice
{
    private const int SampleSize = 1 << 15;
    private const double BitsPerScale = 16;

    /// <summary>A product of the largest scales beyond this could overflow while decoding in float32.</summary>
    private const double LargestProduct = 1e34;

    /// <summary>The scales to start with.</summary>
    public static Scales Choose(ReadOnlySpan<float> w, int rows, int columns, int levels, RowScales wish)
    {
        Scales without = Scales.FromRootMeanSquares(w, rows, columns, withRows: false);
        if (wish == RowScales.Never)
        {
            return without;
        }

        Scales with = Scales.FromRootMeanSquares(w, rows, columns, withRows: true);
        double largest = with.Row!.Max() * with.Column.Max();
        if (!(largest < LargestProduct))
        {
            return without;
        }

        double errorWith = SampleError(w, rows, columns, with, levels);
        double errorWithout = SampleError(w, rows, columns, without, levels);
        double gainedBits = errorWith > 0 ? 0.5 * Math.Log2(errorWithout / errorWith) : errorWithout > 0 ? double.PositiveInfinity : 0;
        return wish == RowScales.Always || gainedBits > BitsPerScale / columns ? with : without;
    }

    /// <summary>The Lloyd-Max table of a weight under given scales.</summary>
    public static AdditiveTables ScalarTable(ReadOnlySpan<float> w, int rows, int columns, Scales scales, int bits)
    {
        (double[] values, double[] weights) = Sample(w, rows, columns, scales);
        return new AdditiveTables(bits, 1, Array.ConvertAll(LloydMax.Fit(values, weights, 1 << bits, out _), value => (float)value));
    }

    private static double SampleError(ReadOnlySpan<float> w, int rows, int columns, Scales scales, int levels)
    {
        (double[] values, double[] weights) = Sample(w, rows, columns, scales);
        _ = LloydMax.Fit(values, weights, levels, out double error);
        return error;
    }

    /// <summary>Normalised weights and how much their errors count, at positions that a step prime to the size spreads over rows and columns.</summary>
    private static (double[] Values, double[] Weights) Sample(ReadOnlySpan<float> w, int rows, int columns, Scales scales)
    {
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
            values[i] = w[position] * Scales.Inverse(scale);
            weights[i] = scale * scale;
        }

        return (values, weights);
    }
}
