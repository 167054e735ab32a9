using FlatLearning.Benchmarks.Plans;

namespace FlatLearning.Benchmarks.Tests.Plans;

public class TaskIntervalTests
{
    /// <summary>Of 4,000 draws: the ends of a 95 % interval scatter by about 4 % of its width.</summary>
    private const double BootstrapScatter = 0.1;

    [Fact]
    public void Of_SequencesOfOneLabel_IsTheBinomialInterval()
    {
        List<(long, double, double)> sequences = [
            .. Enumerable.Range(0, 1000).Select(i => (1L, i % 5 == 0 ? 0.0 : 1.0, i % 2 == 0 ? 0.0 : 2.0))];
        TaskInterval interval = TaskInterval.Of(sequences);
        double half = 1.96 * Math.Sqrt(0.8 * 0.2 / 1000);
        Assert.Equal(0.8 - half, interval.Metric.Low, BootstrapScatter * half * 2);
        Assert.Equal(0.8 + half, interval.Metric.High, BootstrapScatter * half * 2);
        double likelihood = 1.96 / Math.Sqrt(1000);
        Assert.Equal(1 - likelihood, interval.Nll.Low, BootstrapScatter * likelihood * 2);
        Assert.Equal(1 + likelihood, interval.Nll.High, BootstrapScatter * likelihood * 2);
        Assert.Equal(1000, interval.Sequences);
    }

    [Fact]
    public void Of_LabelsOfOneSequenceAgree_IsWiderThanForSingleLabels()
    {
        // Ten labels that are right or wrong together hold no more than one.
        List<(long, double, double)> sequences = [
            .. Enumerable.Range(0, 100).Select(i => (10L, i % 5 == 0 ? 0.0 : 10.0, 5.0))];
        TaskInterval interval = TaskInterval.Of(sequences);
        double half = 1.96 * Math.Sqrt(0.8 * 0.2 / 100);
        Assert.Equal(2 * half, interval.Metric.High - interval.Metric.Low, BootstrapScatter * half * 4);
        Assert.Equal((0.5, 0.5), interval.Nll);
    }

    /// <summary>
    /// The chance of 102 right answers in a row is 2.5 % where a model is right in 96.448 % of the cases.
    /// </summary>
    [Fact]
    public void Of_AllRight_IsTheExactBinomialInterval()
    {
        TaskInterval interval = TaskInterval.Of([.. Enumerable.Repeat((1L, 1.0, 0.1), 102)]);
        Assert.Equal(0.96448, interval.Metric.Low, 1e-5);
        Assert.Equal(1, interval.Metric.High);
        interval = TaskInterval.Of([.. Enumerable.Repeat((1L, 0.0, 0.1), 102)]);
        Assert.Equal(0, interval.Metric.Low);
        Assert.Equal(1 - 0.96448, interval.Metric.High, 1e-5);
    }
}
