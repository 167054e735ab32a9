using FlatLearning.Benchmarks.Published;
using FlatLearning.Benchmarks.Races;

namespace FlatLearning.Benchmarks.Tests.Races;

public class BaselineCurveTests
{
    /// <summary>error = 4 / sqrt(step + 1).</summary>
    private static Checkpoint At(long step) => new(step, 1, 4 / Math.Sqrt(step + 1), step / 10.0, step / 5.0);

    [Fact]
    public void StepsTo_LevelReachedHere_IsMeasured() =>
        Assert.Equal((16, Reach.Measured), new BaselineCurve([At(0), At(15), At(99)], [At(0), At(7)]).StepsTo(1));

    [Fact]
    public void StepsTo_LevelReachedInTheRecording_IsRecorded() =>
        Assert.Equal((100, Reach.Recorded), new BaselineCurve([At(0), At(15)], [At(0), At(15), At(99)]).StepsTo(0.4));

    [Fact]
    public void StepsTo_LevelBeyond_FollowsThePower()
    {
        (double steps, Reach reach) = new BaselineCurve([], [At(0), At(15), At(63), At(99)]).StepsTo(0.2);
        Assert.Equal(Reach.Extrapolated, reach);
        Assert.Equal(400, steps, 6);
    }

    [Fact]
    public void StepsTo_LevelTooFar_IsUnknown() =>
        Assert.Equal(
            (double.PositiveInfinity, Reach.Unknown),
            new BaselineCurve([], [At(0), At(15), At(63), At(99)]).StepsTo(0.01));

    [Fact]
    public void StepsTo_ErrorRises_IsUnknown() =>
        Assert.Equal(
            Reach.Unknown,
            new BaselineCurve([At(0), At(50) with { Error = 1 }, At(99) with { Error = 2 }], []).StepsTo(0.5).Reach);

    [Fact]
    public void StepsTo_Nothing_IsUnknown() => Assert.Equal(Reach.Unknown, new BaselineCurve([], []).StepsTo(1).Reach);

    [Fact]
    public void Read_TablesOfPublishedFit_GivesTheirCheckpoints()
    {
        Checkpoint one = new(0, 374.318, 0.72669, 5.4, 3.7);
        Checkpoint two = new(5000, 371.688, 0.72418, 10.6, 7.1);
        string text = string.Join(
            '\n', "`published-fit`; commit", string.Empty, PublishedFitCommand.TableHead,
            PublishedFitCommand.Row(
                one,
                0.3), PublishedFitCommand.Row(
                    two, 0.3), "ended", PublishedFitCommand.TableHead, PublishedFitCommand.Row(two, 0.3));
        List<List<Checkpoint>> runs = BaselineCurve.Read(text.Split('\n'));
        Assert.Equal(2, runs.Count);
        Assert.Equal([one, two], runs[0]);
        Assert.Equal([two], runs[1]);
    }
}
