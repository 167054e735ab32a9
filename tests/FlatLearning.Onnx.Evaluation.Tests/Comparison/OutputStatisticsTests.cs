using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;

namespace FlatLearning.Onnx.Evaluation.Tests.Comparison;

public sealed class OutputStatisticsTests
{
    // Sums of a few hundred doubles in two different orders.
    private const double Rounding = 1e-12;

    [Fact]
    public void Measures_OfSmallExample_AreThoseComputedByHand()
    {
        // a = (3, 4), b = (3, 1): |a - b| = (0, 3), ||a|| = 5, ||b|| = sqrt(10), a·b = 13.
        OutputStatistics statistics = Compare([3, 4], [3, 1]);

        Assert.Equal(3, statistics.MaxAbs);
        Assert.Equal(1.5, statistics.MeanAbs);
        Assert.Equal(0.6, statistics.RelativeL2, Rounding);
        Assert.Equal(10 * Math.Log10(25.0 / 9.0), statistics.SnrDb, Rounding);
        Assert.Equal(13 / (5 * Math.Sqrt(10)), statistics.Cosine, Rounding);
        Assert.Equal(0.5, statistics.UnequalShare);
        Assert.False(statistics.Identical);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    public void Measures_OfRandomRuns_AreThoseOfNaiveOracle(int length)
    {
        Random random = new(length);
        OutputStatistics statistics = new("y");
        List<double> a = [];
        List<double> b = [];
        for (int run = 0; run < 5; run++)
        {
            float[] x = [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() - 0.4))];
            float[] y = [.. x.Select(value => value + (float)(random.NextDouble() * 0.01))];
            statistics.Add(OrtTensor.Create(x, length), OrtTensor.Create(y, length));
            a.AddRange(x.Select(value => (double)value));
            b.AddRange(y.Select(value => (double)value));
        }

        double[] error = [.. a.Zip(b, (x, y) => x - y)];
        Assert.Equal(error.Max(Math.Abs), statistics.MaxAbs, Rounding);
        Assert.Equal(error.Average(Math.Abs), statistics.MeanAbs, Rounding);
        Assert.Equal(Norm(error) / Norm(a), statistics.RelativeL2, Rounding);
        Assert.Equal(20 * Math.Log10(Norm(a) / Norm(error)), statistics.SnrDb, 1e-9);
        Assert.Equal(a.Zip(b, (x, y) => x * y).Sum() / (Norm(a) * Norm(b)), statistics.Cosine, Rounding);
        Assert.Equal(5L * length, statistics.Elements);
    }

    [Fact]
    public void Identical_Outputs_HaveInfiniteSnrAndNoNumberInReport()
    {
        OutputStatistics statistics = Compare([1, -2, 0], [1, -2, 0]);
        OutputReport report = OutputReport.Of(statistics);

        Assert.Equal(double.PositiveInfinity, statistics.SnrDb);
        Assert.True(report.Identical);
        Assert.Null(report.SnrDb);
        Assert.Equal(0, report.RelativeL2);
        Assert.Equal(1, report.Cosine);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void NonFinite_InConvertedOnly_IsCountedAndLeavesNoMeasure(float broken)
    {
        OutputStatistics statistics = Compare([1, 2, 3], [1, broken, 3]);
        OutputReport report = OutputReport.Of(statistics);

        Assert.Equal(1, report.NonFiniteIntroduced);
        Assert.Null(report.MaxAbs);
        Assert.Null(report.MeanAbs);
        Assert.Null(report.RelativeL2);
        Assert.Null(report.SnrDb);
        Assert.Null(report.Cosine);
        Assert.Single(IntegrityCheck.Failures(statistics));
    }

    [Fact]
    public void NonFinite_InOriginalOnly_IsFailureToo()
    {
        OutputStatistics statistics = Compare([1, float.NaN], [1, 2]);

        Assert.Equal(1, statistics.Vanished);
        Assert.True(double.IsNaN(statistics.RelativeL2));
        Assert.Single(IntegrityCheck.Failures(statistics));
    }

    [Fact]
    public void NonFinite_TheSameInBoth_CountsAsEqual()
    {
        OutputStatistics statistics =
            Compare([1, float.NaN, float.NegativeInfinity], [1, float.NaN, float.NegativeInfinity]);

        Assert.True(statistics.Identical);
        Assert.Equal(0, statistics.RelativeL2);
        Assert.Equal(2, statistics.NonFiniteOriginal);
        Assert.Empty(IntegrityCheck.Failures(statistics));
    }

    [Fact]
    public void NonFinite_OppositeInfinities_AreNotEqual()
    {
        OutputStatistics statistics = Compare([float.PositiveInfinity], [float.NegativeInfinity]);

        Assert.Equal(1, statistics.Vanished);
        Assert.False(statistics.Identical);
    }

    [Fact]
    public void AllZero_InConvertedOnly_IsFlaggedAndFails()
    {
        OutputStatistics statistics = Compare([1, 2], [0, 0]);

        Assert.True(statistics.AllZeroConverted);
        Assert.Equal(0, statistics.Cosine);
        Assert.Equal(1, statistics.RelativeL2, Rounding);
        Assert.Contains(
            "zero throughout", Assert.Single(IntegrityCheck.Failures(statistics)), StringComparison.Ordinal);
    }

    [Fact]
    public void AllZero_InOriginalOnly_HasInfiniteDistance()
    {
        OutputStatistics statistics = Compare([0, 0], [0, 1]);

        Assert.Equal(double.PositiveInfinity, statistics.RelativeL2);
        Assert.Equal(double.NegativeInfinity, statistics.SnrDb);
        Assert.Null(OutputReport.Of(statistics).RelativeL2);
        Assert.True(OutputReport.Of(statistics).AllZeroOriginal);
    }

    [Fact]
    public void Integers_AreComparedExactlyBeyondDoubles()
    {
        OutputStatistics statistics = new("ids");
        statistics.Add(
            OrtTensor.Create<long>([1L << 60, 5, 6, 7], 4), OrtTensor.Create<long>([(1L << 60) + 1, 5, 6, 7], 4));

        Assert.Equal(0.25, statistics.RelativeL2);
        Assert.Null(OutputReport.Of(statistics).SnrDb);
        Assert.Equal(0.75, OutputReport.Of(statistics).EqualShare);
    }

    [Fact]
    public void Bools_TellShareOfEqualElements()
    {
        OutputStatistics statistics = new("flags");
        statistics.Add(OrtTensor.Create([true, false, true, true], 4), OrtTensor.Create([true, true, true, true], 4));

        Assert.Equal(0.25, statistics.RelativeL2);
    }

    [Fact]
    public void Empty_Outputs_AreIdentical()
    {
        OutputStatistics statistics = new("y");
        statistics.Add(OrtTensor.Create<float>([], 0, 4), OrtTensor.Create<float>([], 0, 4));

        Assert.True(statistics.Identical);
        Assert.Equal(0, statistics.MeanAbs);
        Assert.Equal(1, OutputReport.Of(statistics).EqualShare);
    }

    [Fact]
    public void Shapes_ThatDiffer_AreRefused()
    {
        UsageException exception = Assert.Throws<UsageException>(
            () => new OutputStatistics("y").Add(
                OrtTensor.Create<float>([1, 2], 2), OrtTensor.Create<float>([1, 2], 1, 2)));

        Assert.Contains("'y'", exception.Message, StringComparison.Ordinal);
    }

    private static OutputStatistics Compare(float[] a, float[] b)
    {
        OutputStatistics statistics = new("y");
        statistics.Add(OrtTensor.Create(a, a.Length), OrtTensor.Create(b, b.Length));
        return statistics;
    }

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));
}
