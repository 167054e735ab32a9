using FlatLearning.Fitting.Peers;

namespace FlatLearning.Fitting.Tests.Peers;

/// <summary>
/// The baseline, by hand and against double precision: it must not be weaker than what ONNX Runtime does.
/// </summary>
public class OrtBlockFormatTests
{
    /// <summary>
    /// Roundings of the scale, its reciprocal and the product, in units of the scale per code; 2^-24 each, codes up to
    /// 255.
    /// </summary>
    private const double RoundingSlack = 4 * 255 / 16777216.0;

    [Fact]
    public void RoundTrip_LargestIsPositive_KeepsItAndRoundsHalfAwayFromZero()
    {
        // The scale is -8/8: codes are round(8 - x), so 8 becomes 0 and is exact, 0.5 becomes 7.5 and goes up to 8, -8
        // would need 16 and gets 15.
        Assert.Equal([8, 3, -7, 0, -7], Default([8, 3, -7, 0.5f, -7.9f], 5, 1));
    }

    [Fact]
    public void RoundTrip_LargestIsNegative_KeepsIt() =>
        Assert.Equal([-4, 3.5f, 0.5f], Default([-4, 3.9f, 0.25f], 3, 1));

    [Fact]
    public void RoundTrip_BlocksRunAlongRowsOfOneColumn()
    {
        float[] w = new float[33 * 2];
        (w[0], w[1], w[32 * 2], w[(32 * 2) + 1]) = (8, 80, 0.001f, 0.003f);
        Assert.Equal(w, Default(w, 33, 2));
    }

    [Fact]
    public void RoundTrip_Asymmetric_HasTheRangeWithZeroInSteps()
    {
        // Range -5 to 10 in 15 steps of 1, zero point 5: 0.5 has code 5.5, up to 6; -4.5 has 0.5, up to 1.
        Assert.Equal([-5, 10, 1, -4, 0], Asymmetric([-5, 10, 0.5f, -4.5f, 0], 5));

        // Positive values alone: the range starts at 0, not at 6.
        Assert.Equal([6, 15, 7], Asymmetric([6, 15, 6.6f], 3));
        Assert.Equal([-6, -15, -7], Asymmetric([-6, -15, -6.6f], 3));
    }

    [Fact]
    public void Of_OddNumberOfBlocks_PacksAsTheOperatorReads()
    {
        // Blocks of 16, two of them; the second has the row 16 and padding. Zero points 5 and 0; codes low bits first.
        float[] w = new float[17];
        (w[0], w[1], w[16]) = (-5, 10, 30);
        OrtBlocks blocks = OrtBlocks.Of(w, 17, 1, new OrtBlockFormat(4, 16, BlockSymmetry.Asymmetric));
        Assert.Equal([1f, 2f], blocks.Scales.ToArray());
        Assert.Equal([0x05], blocks.ZeroPoints!.Value.ToArray());
        Assert.Equal(
            [0xF0, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x0F, 0, 0, 0, 0, 0, 0, 0], blocks.Codes.ToArray());

        // One block leaves half a byte, which ONNX Runtime fills with 8.
        Assert.Equal(
            [0x85],
            OrtBlocks.Of(
                w.AsSpan(0, 16),
                16,
                1,
                new OrtBlockFormat(4, 16, BlockSymmetry.Asymmetric)).ZeroPoints!.Value.ToArray());
        Assert.Null(OrtBlocks.Of(w, 17, 1, OrtBlockFormat.Default).ZeroPoints);
    }

    public static TheoryData<int, int, BlockSymmetry> Formats()
    {
        TheoryData<int, int, BlockSymmetry> data = [];
        foreach (int bits in new[] { 2, 4, 8 })
        {
            foreach (int block in new[] { 16, 32, 128 })
            {
                data.Add(bits, block, BlockSymmetry.Symmetric);
                data.Add(bits, block, BlockSymmetry.Asymmetric);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void RoundTrip_AnyFormat_IsTheNearestLevelInDoublePrecision(int bits, int blockSize, BlockSymmetry symmetry)
    {
        const int Rows = 300;
        const int Columns = 7;
        float[] w = Samples.Gaussian(Rows, Columns);
        OrtBlockFormat format = new(bits, blockSize, symmetry);
        PeerResult result = format.RoundTrip(new PeerMatrix(w, Rows, Columns));
        Assert.Equal(format.PlannedBytes(Rows, Columns), result.StoredBytes);
        for (int column = 0; column < Columns; column++)
        {
            for (int first = 0; first < Rows; first += blockSize)
            {
                int[] places = [
                    .. Enumerable.Range(first, Math.Min(blockSize, Rows - first))
                        .Select(row => (row * Columns) + column)];
                double[] values = [.. places.Select(i => (double)w[i])];
                (double scale, double zero) = Levels(values, bits, symmetry);
                for (int i = 0; i < values.Length; i++)
                {
                    double read = result.Values[places[i]];
                    double code = (read / scale) + zero;
                    Assert.Equal(Math.Round(code), code, RoundingSlack);
                    Assert.InRange(code, -RoundingSlack, (1 << bits) - 1 + RoundingSlack);
                    double best = Enumerable.Range(0, 1 << bits).Min(q => Math.Abs(((q - zero) * scale) - values[i]));
                    Assert.True(
                        Math.Abs(read - values[i]) <= best + (RoundingSlack * Math.Abs(scale)),
                        $"{values[i]} became {read}, {best} was possible");
                }
            }
        }
    }

    /// <summary>By hand: codes of whole blocks, 4 bytes of scale, zero points in whole bytes per column.</summary>
    [Theory]
    [InlineData(32, 1, 4, 32, BlockSymmetry.Symmetric, 16 + 4)]
    [InlineData(33, 1, 4, 32, BlockSymmetry.Symmetric, 32 + 8)]
    [InlineData(64, 10, 4, 32, BlockSymmetry.Symmetric, 10 * (32 + 8))]
    [InlineData(64, 10, 4, 32, BlockSymmetry.Asymmetric, 10 * (32 + 8 + 1))]
    [InlineData(96, 10, 4, 32, BlockSymmetry.Asymmetric, 10 * (48 + 12 + 2))]
    [InlineData(96, 10, 4, 128, BlockSymmetry.Asymmetric, 10 * (64 + 4 + 1))]
    [InlineData(96, 10, 8, 32, BlockSymmetry.Asymmetric, 10 * (96 + 12 + 3))]
    [InlineData(130, 3, 8, 128, BlockSymmetry.Symmetric, 3 * (256 + 8))]
    public void PlannedBytes_CountsPaddedBlocksScalesAndZeroPoints(
        int rows, int columns, int bits, int blockSize, BlockSymmetry symmetry, long bytes)
    {
        OrtBlockFormat format = new(bits, blockSize, symmetry);
        Assert.Equal(bytes, format.PlannedBytes(rows, columns));
        Assert.Equal(
            bytes, format.RoundTrip(new PeerMatrix(Samples.Gaussian(rows, columns), rows, columns)).StoredBytes);
    }

    [Fact]
    public void Constructor_FormatThatTheOperatorLacks_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new OrtBlockFormat(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OrtBlockFormat(4, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OrtBlockFormat(4, 48));
    }

    private static float[] Default(float[] w, int rows, int columns) =>
        OrtBlockFormat.Default.RoundTrip(new PeerMatrix(w, rows, columns)).Values;

    private static float[] Asymmetric(float[] w, int rows) =>
        new OrtBlockFormat(4, 32, BlockSymmetry.Asymmetric).RoundTrip(new PeerMatrix(w, rows, 1)).Values;

    private static (double Scale, double Zero) Levels(double[] values, int bits, BlockSymmetry symmetry)
    {
        if (symmetry == BlockSymmetry.Symmetric)
        {
            double outermost = values.MaxBy(Math.Abs);
            return (-outermost / Math.Pow(2, bits - 1), Math.Pow(2, bits - 1));
        }

        (double low, double high) = (Math.Min(0, values.Min()), Math.Max(0, values.Max()));
        double scale = (high - low) / (Math.Pow(2, bits) - 1);
        return (scale, Math.Round(-low / scale, MidpointRounding.AwayFromZero));
    }
}
