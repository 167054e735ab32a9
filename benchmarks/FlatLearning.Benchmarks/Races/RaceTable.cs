using System.Globalization;
using FlatLearning.Benchmarks.Published;

namespace FlatLearning.Benchmarks.Races;

/// <summary>The times at which the engine and the published recipe reach common errors.</summary>
/// <param name="Svd">Error of the SVD, the unit of the levels.</param>
/// <param name="Engine">Fits of the engine, each from nothing.</param>
/// <param name="Curve">The recipe's errors against steps.</param>
/// <param name="Step">Time of one step of the recipe in this run.</param>
/// <param name="Picks">Time of the recipe's 100 starts in this run.</param>
/// <param name="OtherStep">Seconds of a step of another implementation of the recipe, or 0.</param>
internal sealed record RaceTable(
    double Svd, IReadOnlyList<EngineRun> Engine, BaselineCurve Curve, RaceClock Step, RaceClock Picks, double OtherStep)
{
    /// <summary>The published number of starts, whose time is part of the recipe's.</summary>
    public static int PublishedPicks { get; } = new PublishedOptions().Picks;

    private const string Missing = "-";

    public IEnumerable<string> Lines(IEnumerable<double> levels)
    {
        yield return "| error / SVD | engine s | processor s | recipe steps | known | recipe s | processor s | "
        + "ratio | of processor s | with 100 picks | of processor s |"
            + (OtherStep > 0 ? " PyTorch s | ratio |" : string.Empty);
        yield return "|---|---|---|---|---|---|---|---|---|---|---|" + (OtherStep > 0 ? "---|---|" : string.Empty);
        foreach (double level in levels)
        {
            yield return Line(level);
        }
    }

    private string Line(double level)
    {
        RaceClock engine = new(Min(level, run => run.Time.Wall), Min(level, run => run.Time.Processor));
        (double steps, Reach reach) = Curve.StepsTo(level * Svd);
        RaceClock main = steps * Step;
        RaceClock all = main + Picks;
        double other = (steps + ((double)PublishedPicks * new PublishedOptions().PickSteps)) * OtherStep;
        string[] cells =
        [
            level.ToString(CultureInfo.InvariantCulture),
            Text(engine.Wall),
            Text(engine.Processor),
            double.IsFinite(steps) ? steps.ToString("0", CultureInfo.InvariantCulture) : Missing,
            reach.ToString().ToLowerInvariant(),
            Text(main.Wall),
            Text(main.Processor),
            Text(main.Wall / engine.Wall),
            Text(main.Processor / engine.Processor),
            Text(all.Wall / engine.Wall),
            Text(all.Processor / engine.Processor),
            .. OtherStep > 0 ? [Text(other), Text(other / engine.Wall)] : Array.Empty<string>(),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    private double Min(double level, Func<EngineRun, double> time) =>
        Engine.Where(run => run.Error <= level * Svd).Select(time).DefaultIfEmpty(double.NaN).Min();

    private static string Text(double value) =>
        double.IsFinite(value) ? value.ToString(value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture) : Missing;
}
