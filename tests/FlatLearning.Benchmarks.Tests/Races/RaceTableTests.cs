using FlatLearning.Benchmarks.Published;
using FlatLearning.Benchmarks.Races;

namespace FlatLearning.Benchmarks.Tests.Races;

public class RaceTableTests
{
    private static readonly EngineRun[] Engine =
    [
        new(1, new RaceClock(2, 3), 0.3, 6, "BudgetSpent"),
        new(2, new RaceClock(4, 6), 0.1, 6, "BudgetSpent"),
    ];

    private static readonly BaselineCurve Curve =
        new([new Checkpoint(0, 1, 1, 0, 0), new Checkpoint(999, 1, 0.3, 1, 1)], []);

    [Fact]
    public void Lines_LevelThatBothReach_HasTheRatiosOfBothClocks()
    {
        RaceTable table =
            new(Svd: 0.2, Engine, Curve, Step: new RaceClock(0.1, 0.15), Picks: new RaceClock(50, 75), OtherStep: 0);
        Assert.Equal(
            "| 1.5 | 2.0 | 3.0 | 1000 | measured | 100 | 150 | 50.0 | 50.0 | 75.0 | 75.0 |", table.Lines([1.5]).Last());
    }

    [Fact]
    public void Lines_LevelOfTheEngineAlone_LeavesTheRest()
    {
        RaceTable table =
            new(Svd: 0.2, Engine, Curve, Step: new RaceClock(0.1, 0.15), Picks: new RaceClock(50, 75), OtherStep: 0);
        Assert.Equal("| 0.5 | 4.0 | 6.0 | - | unknown | - | - | - | - | - | - |", table.Lines([0.5]).Last());
    }

    [Fact]
    public void Lines_OtherImplementation_CountsItsPicks()
    {
        RaceTable table = new(
            Svd: 0.2, Engine, Curve, Step: new RaceClock(0.1, 0.15), Picks: new RaceClock(50, 75), OtherStep: 0.002);
        Assert.EndsWith("| 1002 | 501 |", table.Lines([1.5]).Last(), StringComparison.Ordinal);
    }
}
