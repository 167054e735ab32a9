using FlatLearning.Benchmarks.Published;

namespace FlatLearning.Benchmarks.Tests.Published;

public class PublishedRunTests
{
    private static readonly PublishedOptions Small = new()
    {
        StateDim = 6,
        Width = 3,
        Picks = 5,
        PickSteps = 30,
        Steps = 61,
        CheckEvery = 20,
        Threads = 1,
    };

    private static readonly float[] W = [.. Enumerable.Range(0, 8 * 12).Select(i => (float)Math.Sin(0.7 * i))];

    [Fact]
    public void Advance_ToTheEnd_ChecksAfterTheFirstStepAndEveryInterval()
    {
        PublishedRun run = new(W, 8, 12, Small);
        run.Advance(1e9);
        Assert.True(run.Ended);
        Assert.Equal(61, run.Steps);
        Assert.Equal([0, 20, 40, 60], run.Checkpoints.Select(c => c.Step));
        Assert.True(run.Checkpoints[^1].Loss < run.Checkpoints[0].Loss);
        Assert.True(run.Seconds > run.PickSeconds);
        Assert.Equal(run.Checkpoints.OrderBy(c => c.Seconds), run.Checkpoints);
    }

    [Fact]
    public void Advance_InParts_IsTheSameAsAtOnce()
    {
        PublishedRun whole = new(W, 8, 12, Small);
        whole.Advance(1e9);
        PublishedRun parts = new(W, 8, 12, Small);
        while (!parts.Ended)
        {
            parts.Advance(1e-9);
        }

        Assert.Equal(
            whole.Checkpoints.Select(c => (c.Step, c.Loss, c.Error)),
            parts.Checkpoints.Select(c => (c.Step, c.Loss, c.Error)));
    }

    [Fact]
    public void Pick_SeveralThreads_GoesOnWithTheBestStart()
    {
        Dictionary<int, double> errors = [];
        PublishedRun run = new(W, 8, 12, Small with { Threads = 2 });
        run.Pick(errors.Add);
        Assert.Equal(5, errors.Count);
        run.Advance(1e-9);

        // One more step moves every unknown by at most 5e-5, the error of 18 sigmoids of 12 numbers by little more.
        Assert.True(Math.Abs(run.Checkpoints[0].Error - errors.Values.Min()) < 1e-2);
        Assert.True(errors.Values.Max() > errors.Values.Min() + 2e-2);
    }
}
