using FlatLearning.Fitting.Peers;

namespace FlatLearning.Fitting.Tests.Peers;

public class NormalFloatTests
{
    /// <summary>The values that QLoRA's appendix prints.</summary>
    private static readonly double[] Published =
    [
        -1.0, -0.6961928, -0.5250731, -0.3949175, -0.2844414, -0.1847734, -0.0910500, 0,
        0.0795803, 0.1609302, 0.2461123, 0.3379152, 0.4407098, 0.5626170, 0.7229568, 1.0,
    ];

    [Fact]
    public void Levels_OfFourBits_AreThePublishedOnes()
    {
        double[] levels = NormalFloatLevels.Of(4);
        Assert.Equal(Published.Length, levels.Length);
        for (int i = 0; i < levels.Length; i++)
        {
            // The publication rounds the outermost probability to 7 digits, which moves levels by less than 1e-6.
            Assert.Equal(Published[i], levels[i], 2e-6);
        }
    }

    /// <summary>
    /// Each level is the point where the integral of the normal density reaches its probability, by Simpson's rule.
    /// </summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Levels_AreQuantilesOfTheNormalDistribution(int bits)
    {
        double[] levels = NormalFloatLevels.Of(bits);
        double outermost = NormalFloatLevels.OutermostProbability(bits);
        double largest = 0;
        for ((double low, double high) = (0, 6); high - low > 1e-12; largest = (low + high) / 2)
        {
            double middle = (low + high) / 2;
            (low, high) = Probability(middle) < outermost ? (middle, high) : (low, middle);
        }

        int half = levels.Length / 2;
        for (int i = 0; i < half; i++)
        {
            Assert.Equal(0.5 + ((outermost - 0.5) * (i + 1) / half), Probability(levels[half + i] * largest), 1e-9);
        }

        for (int i = 0; i < half - 1; i++)
        {
            Assert.Equal(1 - outermost + ((outermost - 0.5) * i / (half - 1)), Probability(levels[i] * largest), 1e-9);
        }

        Assert.Equal(0, levels[half - 1]);
    }

    [Fact]
    public void RoundTrip_PlainMagnitudes_TakesTheNearestLevelOfEveryValue()
    {
        const int Rows = 200;
        const int Columns = 5;
        float[] w = Samples.Gaussian(Rows, Columns);
        float[] rounded =
            new NormalFloatFormat(doubleQuantisation: false).RoundTrip(new PeerMatrix(w, Rows, Columns)).Values;
        for (int i = 0; i < w.Length; i++)
        {
            int first = i / Columns / NormalFloatFormat.BlockSize * NormalFloatFormat.BlockSize;
            double magnitude = Enumerable.Range(first, Math.Min(NormalFloatFormat.BlockSize, Rows - first))
                .Max(k => Math.Abs((double)w[(k * Columns) + (i % Columns)]));
            double nearest = Published.Min(level => Math.Abs((level * magnitude) - w[i]));
            Assert.Equal(nearest, Math.Abs(rounded[i] - w[i]), 4e-6 * magnitude);
        }
    }

    [Theory]
    [InlineData(false, 4.5)]
    [InlineData(true, 4 + (8.0 / 64) + (32.0 / (64 * 256)))]
    public void StoredBytes_AreThePublishedBits(bool doubleQuantisation, double perWeight)
    {
        PeerResult result =
            new NormalFloatFormat(doubleQuantisation).RoundTrip(new PeerMatrix(Samples.Gaussian(512, 256), 512, 256));
        // The mean of the magnitudes is one float32 more.
        Assert.Equal(perWeight, 8.0 * result.StoredBytes / (512 * 256), 3e-4);
    }

    [Fact]
    public void DoubleQuantisation_CostsLittle()
    {
        PeerMatrix matrix = new(Samples.Gaussian(512, 64), 512, 64);
        double plain = PeerCases.RelativeError(
            matrix.Values.ToArray(), new NormalFloatFormat(doubleQuantisation: false).RoundTrip(matrix));
        double twice = PeerCases.RelativeError(
            matrix.Values.ToArray(), new NormalFloatFormat(doubleQuantisation: true).RoundTrip(matrix));
        Assert.InRange(twice, 0.9 * plain, 1.1 * plain);
        // Of Gaussian weights in blocks of 64 with this format; between the optimal 4-bit table's 0.0095 and rounding
        // of the range.
        Assert.InRange(plain, 0.0080, 0.0100);
    }

    private static double Probability(double x)
    {
        const int Steps = 2000;
        double sum = 0;
        for (int i = 0; i <= Steps; i++)
        {
            double t = x * i / Steps;
            sum += Math.Exp(-t * t / 2) * (i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2);
        }

        return 0.5 + (sum * x / Steps / 3 / Math.Sqrt(2 * Math.PI));
    }
}
