using FlatLearning.Fitting.Peers;

namespace FlatLearning.Fitting.Tests.Peers;

public class KQuantTests
{
    /// <summary>Of relative squared errors in double precision, where codes agree.</summary>
    private const double SameCodes = 1e-9;

    /// <summary>llama.cpp's published sizes of 256 weights: 84, 110, 144, 176, 210 bytes.</summary>
    [Theory]
    [InlineData(KQuantType.Q2K, 2.625)]
    [InlineData(KQuantType.Q3K, 3.4375)]
    [InlineData(KQuantType.Q4K, 4.5)]
    [InlineData(KQuantType.Q5K, 5.5)]
    [InlineData(KQuantType.Q6K, 6.5625)]
    public void PlannedBytes_WholeSuperBlocks_AreThePublishedBits(KQuantType type, double bits)
    {
        KQuantFormat format = new(type);
        Assert.Equal(bits, 8.0 * format.PlannedBytes(512, 3) / (512 * 3));
        Assert.Equal(
            format.PlannedBytes(512, 3),
            format.RoundTrip(new PeerMatrix(Samples.Gaussian(512, 3), 512, 3)).StoredBytes);
    }

    /// <summary>By hand, in bytes: codes, integers of sub-blocks, 16-bit floats of the last super-block.</summary>
    [Theory]
    [InlineData(KQuantType.Q2K, 60, 16 + 4 + 4)]
    [InlineData(KQuantType.Q3K, 17, 12 + 2 + 2)]
    [InlineData(KQuantType.Q4K, 64, 32 + 3 + 4)]
    [InlineData(KQuantType.Q5K, 65, 60 + 5 + 4)]
    [InlineData(KQuantType.Q6K, 257, 210 + 12 + 1 + 2)]
    public void PlannedBytes_ShortSuperBlock_HasTheSubBlocksItNeeds(KQuantType type, int rows, long bytes) =>
        Assert.Equal(2 * bytes, new KQuantFormat(type).PlannedBytes(rows, 2));

    /// <summary>
    /// Relative squared errors that ggml's own quantize_row_*_ref and dequantize_row_* (August 2026, compiled with gcc
    /// -O2) have on the same values.
    /// </summary>
    [Theory]
    [InlineData(KQuantType.Q2K, 0.05535829320302625)]
    [InlineData(KQuantType.Q3K, 0.014485813941862455)]
    [InlineData(KQuantType.Q4K, 0.002952177728749269)]
    [InlineData(KQuantType.Q5K, 0.0007294654167622997)]
    [InlineData(KQuantType.Q6K, 0.00019223435909186202)]
    public void RoundTrip_FixedValues_HasTheErrorOfGgml(KQuantType type, double expected)
    {
        float[] w = [
            .. Enumerable.Range(0, 768)
                .Select(
                    i =>
                        (float)((((((long)i * i * 7919) + (i * 104729L)) % 2003) - 901) * (1 + (i / 32 % 5))
                            / 4096.0))];
        Assert.Equal(
            expected,
            PeerCases.RelativeError(w, new KQuantFormat(type).RoundTrip(new PeerMatrix(w, 768, 1))),
            SameCodes);
    }

    /// <summary>
    /// Values that are levels of the format, with the outermost integers and codes present, come back as they are.
    /// </summary>
    [Theory]
    [InlineData(KQuantType.Q2K, 15, 3)]
    [InlineData(KQuantType.Q4K, 63, 15)]
    [InlineData(KQuantType.Q5K, 63, 31)]
    public void RoundTrip_LevelsWithMinima_AreExact(KQuantType type, int largestInteger, int largestCode)
    {
        int size = type == KQuantType.Q2K ? 16 : 32;
        float[] w = [.. Enumerable.Range(0, 256).Select(i =>
        {
            int block = i / size;
            int scale = block == 0 ? largestInteger : 1 + (block * 5 % largestInteger);
            int minimum = block == 0 ? largestInteger : block * 3 % largestInteger;
            int code = i % size == 0 ? 0 : i % size == 1 ? largestCode : i * 7 % (largestCode + 1);
            return (0.25f * scale * code) - (0.125f * minimum);
        })];
        Assert.Equal(w, new KQuantFormat(type).RoundTrip(new PeerMatrix(w, 256, 1)).Values);
    }

    [Theory]
    [InlineData(KQuantType.Q3K, 32, 4)]
    [InlineData(KQuantType.Q6K, 128, 32)]
    public void RoundTrip_LevelsAroundZero_AreExact(KQuantType type, int outermostInteger, int half)
    {
        float[] w = [.. Enumerable.Range(0, 256).Select(i =>
        {
            int scale = i < 16 ? -outermostInteger : ((i / 16 * 5) % outermostInteger) - (outermostInteger / 2);
            int code = i % 16 == 0 ? -half : (i * 7 % (2 * half)) - half;
            return 0.25f * scale * code;
        })];
        Assert.Equal(w, new KQuantFormat(type).RoundTrip(new PeerMatrix(w, 256, 1)).Values);
    }

    [Fact]
    public void RoundTrip_SuperBlocksRunAlongK_EachColumnByItself()
    {
        const int Rows = 300;
        float[] w = Samples.Gaussian(Rows, 3);
        foreach (KQuantType type in Enum.GetValues<KQuantType>())
        {
            KQuantFormat format = new(type);
            float[] all = format.RoundTrip(new PeerMatrix(w, Rows, 3)).Values;
            for (int column = 0; column < 3; column++)
            {
                float[] one = [.. Enumerable.Range(0, Rows).Select(row => w[(row * 3) + column])];
                float[] read = [.. Enumerable.Range(0, Rows).Select(row => all[(row * 3) + column])];
                Assert.Equal(format.RoundTrip(new PeerMatrix(one.AsMemory(0, 256), 256, 1)).Values, read[..256]);
                Assert.Equal(format.RoundTrip(new PeerMatrix(one.AsMemory(256), Rows - 256, 1)).Values, read[256..]);
            }
        }
    }

    /// <summary>
    /// In double precision: no sub-block's code is further from its value than another level of the same stored scale
    /// and minimum.
    /// </summary>
    [Theory]
    [InlineData(KQuantType.Q2K)]
    [InlineData(KQuantType.Q3K)]
    [InlineData(KQuantType.Q4K)]
    [InlineData(KQuantType.Q5K)]
    [InlineData(KQuantType.Q6K)]
    public void RoundTrip_Gaussian_HasFewLevelsAndTheNearestOfThem(KQuantType type)
    {
        KQuantLayout layout = KQuantLayout.Of(type);
        float[] w = Samples.Gaussian(1024, 1);
        float[] read = new KQuantFormat(type).RoundTrip(new PeerMatrix(w, 1024, 1)).Values;
        for (int first = 0; first < w.Length; first += layout.SubBlock)
        {
            float[] levels = [.. read.AsSpan(first, layout.SubBlock).ToArray().Distinct().Order()];
            Assert.True(levels.Length <= 1 << layout.CodeBits);
            for (int i = first; i < first + layout.SubBlock; i++)
            {
                double nearest = levels.Min(level => Math.Abs((double)level - w[i]));
                Assert.True(Math.Abs((double)read[i] - w[i]) <= nearest * (1 + 1e-6), $"{w[i]} became {read[i]}");
            }
        }
    }
}
