using FlatLearning.Fitting.Peers;

namespace FlatLearning.Fitting.Tests.Peers;

public class UniformFormatTests
{
    [Fact]
    public void RoundTrip_TwoBitsByHand_HasTheLevelsOfTheRange()
    {
        // Range -1 to 2 in 3 steps: the levels -1, 0, 1, 2; halves go to the even code.
        PeerResult result =
            new UniformFormat(2, 0).RoundTrip(new PeerMatrix(new float[] { -1, 2, 0.4f, 0.6f, 1.4f, -0.7f }, 6, 1));
        Assert.Equal([-1, 2, 0, 1, 1, -1], result.Values);
        Assert.Equal(2 + 2 + 1, result.StoredBytes);
    }

    [Fact]
    public void RoundTrip_ColumnsOfOneSign_IncludeZeroInTheRange()
    {
        PeerResult result = new UniformFormat(1, 0).RoundTrip(new PeerMatrix(new float[] { 4, 1, 3, -8 }, 2, 2));
        // One step of 9 from -8 to 1, whose zero point 8/9 is rounded to 1: the levels are -9 and 0.
        Assert.Equal([4, 0, 4, -9], result.Values);
    }

    /// <summary>
    /// Half a step, and what 16 bits take from the scale: 2^-11 of it, at most 2^b - 1 times, and as much again where
    /// the end is clamped.
    /// </summary>
    [Theory]
    [InlineData(3, 0)]
    [InlineData(4, 32)]
    [InlineData(8, 128)]
    public void RoundTrip_AnyBlock_StaysWithinHalfAStep(int bits, int block)
    {
        const int Rows = 150;
        const int Columns = 7;
        float[] w = Samples.Gaussian(Rows, Columns);
        float[] rounded = new UniformFormat(bits, block).RoundTrip(new PeerMatrix(w, Rows, Columns)).Values;
        int height = block == 0 ? Rows : block;
        for (int n = 0; n < Columns; n++)
        {
            for (int first = 0; first < Rows; first += height)
            {
                int[] places = [
                    .. Enumerable.Range(first, Math.Min(height, Rows - first)).Select(k => (k * Columns) + n)];
                double step = (Math.Max(0, places.Max(i => (double)w[i])) - Math.Min(0, places.Min(i => (double)w[i])))
                    / ((1 << bits) - 1);
                // The zero point is rounded too, which moves the ends by half a step.
                double bound = step * (1 + (2 * (1 << bits) / 2048.0));
                Assert.All(
                    places,
                    i => Assert.True(Math.Abs(w[i] - rounded[i]) <= bound, $"{w[i]} became {rounded[i]}, step {step}"));
            }
        }
    }

    [Theory]
    [InlineData(4, 0, 256, 128, 4.0 + (20.0 / 256))]
    [InlineData(4, 32, 256, 128, 4.0 + (20.0 / 32))]
    [InlineData(8, 128, 256, 128, 8.0 + (24.0 / 128))]
    [InlineData(1, 128, 130, 64, 1.0 + (2 * 17.0 / 130))]
    public void StoredBytes_CountCodesScalesAndZeroPoints(int bits, int block, int rows, int columns, double perWeight)
    {
        UniformFormat format = new(bits, block);
        PeerResult result = format.RoundTrip(new PeerMatrix(Samples.Gaussian(rows, columns), rows, columns));
        Assert.Equal(format.PlannedBytes(rows, columns), result.StoredBytes);
        Assert.Equal(perWeight, 8.0 * result.StoredBytes / (rows * columns), 1e-3);
    }

    /// <summary>
    /// The optimal pair of levels of sorted values is a split and its two means: every split is tried.
    /// </summary>
    [Fact]
    public void Fitted_OneBit_FindsTheBestPairOfLevels()
    {
        const int Rows = 64;
        float[] w = Samples.Gaussian(Rows, 1, seed: 5);
        double best = double.PositiveInfinity;
        float[] sorted = [.. w.Order()];
        for (int split = 1; split < Rows; split++)
        {
            best = Math.Min(best, Spread(sorted[..split]) + Spread(sorted[split..]));
        }

        double energy = w.Sum(value => (double)value * value);
        double error = PeerCases.RelativeError(w, new FittedUniformFormat(1, 0).RoundTrip(new PeerMatrix(w, Rows, 1)));
        // 16-bit levels move each value by 2^-11 of it at most.
        Assert.InRange(error, (best / energy) - 1e-9, (best / energy) + 1e-3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void Fitted_AnyBits_IsBelowTheWholeRange(int bits)
    {
        PeerMatrix matrix = new(Samples.Gaussian(256, 32), 256, 32);
        float[] w = matrix.Values.ToArray();
        double plain = PeerCases.RelativeError(w, new UniformFormat(bits, 0).RoundTrip(matrix));
        double fitted = PeerCases.RelativeError(w, new FittedUniformFormat(bits, 0).RoundTrip(matrix));
        Assert.True(fitted < plain, $"{fitted} against {plain}");
    }

    /// <summary>
    /// The facts of quantisation theory: unit Gaussian, uniform step of least squared error (Max 1960, table II).
    /// </summary>
    [Theory]
    [InlineData(1, 0.3634)]
    [InlineData(2, 0.1188)]
    [InlineData(3, 0.03744)]
    [InlineData(4, 0.01154)]
    public void Fitted_Gaussian_HasTheErrorOfMaxsTable(int bits, double expected)
    {
        const int Rows = 20000;
        PeerMatrix matrix = new(Samples.Gaussian(Rows, 1), Rows, 1);
        double error =
            PeerCases.RelativeError(matrix.Values.ToArray(), new FittedUniformFormat(bits, 0).RoundTrip(matrix));
        // The relative standard deviation of a mean of 20,000 squared errors is about 1%.
        Assert.InRange(error, 0.95 * expected, 1.05 * expected);
    }

    private static double Spread(float[] values)
    {
        double mean = values.Average(value => (double)value);
        return values.Sum(value => (value - mean) * (value - mean));
    }
}
