using FlatLearning.Fitting.Peers;

namespace FlatLearning.Fitting.Tests.Peers;

/// <summary>The baseline, by hand: it must not be weaker than what ONNX Runtime does.</summary>
public class OrtBlockFormatTests
{
    [Fact]
    public void RoundTrip_LargestIsPositive_KeepsItAndRoundsHalfAwayFromZero()
    {
        // The scale is -8/8: codes are round(8 - x), so 8 becomes 0 and is exact, 0.5 becomes 7.5 and goes up to 8, -8 would need 16 and gets 15.
        Assert.Equal([8, 3, -7, 0, -7], OrtBlockFormat.RoundTrip([8, 3, -7, 0.5f, -7.9f], 5, 1));
    }

    [Fact]
    public void RoundTrip_LargestIsNegative_KeepsIt() =>
        Assert.Equal([-4, 3.5f, 0.5f], OrtBlockFormat.RoundTrip([-4, 3.9f, 0.25f], 3, 1));

    [Fact]
    public void RoundTrip_BlocksRunAlongRowsOfOneColumn()
    {
        float[] w = new float[33 * 2];
        (w[0], w[1], w[32 * 2], w[(32 * 2) + 1]) = (8, 80, 0.001f, 0.003f);
        float[] rounded = OrtBlockFormat.RoundTrip(w, 33, 2);
        Assert.Equal(w, rounded);
    }

    [Theory]
    [InlineData(32, 1, 20)]
    [InlineData(33, 1, 40)]
    [InlineData(64, 10, 400)]
    public void StoredBytes_CountsPaddedBlocksAndScales(int rows, int columns, long bytes) =>
        Assert.Equal(bytes, OrtBlockFormat.StoredBytes(rows, columns));
}
