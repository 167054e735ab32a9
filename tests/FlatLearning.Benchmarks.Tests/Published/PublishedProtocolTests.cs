using FlatLearning.Benchmarks.Published;

namespace FlatLearning.Benchmarks.Tests.Published;

/// <summary>Start, rounding, measure, stop rule and SVD of the published notebook, by hand.</summary>
public class PublishedProtocolTests
{
    [Fact]
    public void Round_TwoBits_UsesFiveLevelsAndEvenHalves()
    {
        float[] column = [0, 1, 0.125f, 0.375f, 0.3f, 0.9f];
        ColumnRounding.Round(column, 2);
        Assert.Equal([0, 1, 0, 0.5f, 0.25f, 1], column);
    }

    [Fact]
    public void Round_AllEqual_StaysAsItIs()
    {
        float[] column = [0.3f, 0.3f];
        ColumnRounding.Round(column, 8);
        Assert.Equal([0.3f, 0.3f], column);
    }

    [Fact]
    public void OfStates_RandomTheta_RoundsEachCoordinateOfEachSideAndNothingElse()
    {
        PublishedShape shape = new(30, 20, 4, 2, 3);
        AlignedArray theta = PublishedStart.Draw(shape, new Random(3));
        float[] rounded = shape.Unpack(ColumnRounding.OfStates(shape, theta, 2));
        float[] original = shape.Unpack(theta);
        for (int i = 0; i < 4; i++)
        {
            Assert.InRange(Enumerable.Range(0, 30).Select(k => rounded[(k * 4) + i]).Distinct().Count(), 4, 5);
            Assert.InRange(Enumerable.Range(30, 20).Select(n => rounded[(n * 4) + i]).Distinct().Count(), 4, 5);
        }

        Assert.Equal(original[200..], rounded[200..]);
    }

    [Fact]
    public void Error_ByHand_DividesByTheUnbiasedDeviation() =>
        Assert.Equal(0.5 / Math.Sqrt(5 / 3.0), PublishedError.Of([1, 2, 3, 4], [1, 3, 3, 3]), 12);

    [Fact]
    public void ParameterCount_PublishedSizes_IsThePublishedOne() =>
        Assert.Equal(24435, new PublishedShape(128, 256).ParameterCount);

    [Fact]
    public void ShiftOf_PublishedSizes_IsRoundedDown() =>
        Assert.Equal([0, 8, 17, 26, 34, 43], Enumerable.Range(0, 6).Select(new PublishedShape(1, 1).ShiftOf));

    [Fact]
    public void Draw_PublishedSizes_HasTheRangesOfTorch()
    {
        PublishedShape shape = new(128, 256);
        float[] plain = shape.Unpack(PublishedStart.Draw(shape, new Random(1)));
        int first = 384 * 52;
        Uniform(plain[..first], 0, 1);
        Uniform(plain[first..(first + (84 * 53))], -1 / Math.Sqrt(52), 1 / Math.Sqrt(52));
        Assert.All(plain[^15..], value => Assert.InRange(value, -1 / Math.Sqrt(14), 1 / Math.Sqrt(14)));
        Assert.Contains(plain[^15..], value => Math.Abs(value) > 1 / Math.Sqrt(52));
    }

    [Theory]
    [InlineData(5, 9, 2)]
    [InlineData(7, 100, 4)]
    [InlineData(128, 256, 64)]
    public void RankOf_HalfTheSmallerSide_RoundsHalvesToEven(int rows, int columns, int rank) =>
        Assert.Equal(rank, PublishedSvd.RankOf(rows, columns));

    [Fact]
    public void Approximate_RankTwoMatrix_IsExactButForRounding()
    {
        float[] w = [
            .. Enumerable.Range(0, 12 * 20)
                .Select(i => (float)(Math.Sin(i / 20) * Math.Cos(i % 20)) + (0.1f * (i / 20)))];
        Assert.True(PublishedError.Of(w, PublishedSvd.Approximate(w, 12, 20, rank: 2, bits: 0)) < 1e-5);
        double rounded = PublishedError.Of(w, PublishedSvd.Approximate(w, 12, 20, rank: 2));
        Assert.InRange(rounded, 1e-4, 1e-2);
        Assert.True(PublishedSvd.Error(w, 12, 20) < 2 * rounded);
    }

    [Fact]
    public void StopRule_FiveStillCheckpointsBeyondFourFifths_EndsAtTheFifth()
    {
        StopRule rule = new(1000);
        Assert.All(Enumerable.Range(0, 20), i => Assert.False(rule.Ends(700 + i, 0.9)));
        Assert.Equal([false, false, false, false, true], Enumerable.Range(0, 5).Select(i => rule.Ends(810 + i, 0.9)));
    }

    [Fact]
    public void StopRule_FallBetween_IsNoReset()
    {
        StopRule rule = new(1000);
        Assert.False(rule.Ends(700, 0.9));
        bool[] ends = [.. new[] { 0.9, 0.9, 0.8, 0.8, 0.8, 0.8 }.Select((error, i) => rule.Ends(810 + i, error))];
        Assert.Equal([false, false, false, false, false, true], ends);
    }

    private static void Uniform(float[] values, double from, double to)
    {
        Assert.All(values, value => Assert.InRange(value, from, to));

        // The mean of n uniform numbers deviates by its range / sqrt(12 n); six of these are never reached.
        double tolerance = 6 * (to - from) / Math.Sqrt(12.0 * values.Length);
        Assert.True(Math.Abs(values.Average() - ((from + to) / 2)) < tolerance);
        Assert.True(values.Max() > to - (0.01 * (to - from)) && values.Min() < from + (0.01 * (to - from)));
    }
}
