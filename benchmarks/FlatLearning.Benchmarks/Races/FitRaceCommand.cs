using FlatLearning.Fitting.Metrics;
using System.Globalization;
using FlatLearning.Benchmarks.Published;
using FlatLearning.Fitting;
using FlatLearning.Numerics;

namespace FlatLearning.Benchmarks.Races;

/// <summary>
/// <c>fit-race (--matrix SOURCE | --preset issue --models DIR) [--budgets 1,2,5,10,20,60,120] [--levels ...]
/// [--state-dim 52] [--shifts 6] [--width 14] [--state-bits 8] [--picks 4] [--threads T] [--recorded FILES] [--step-ms
/// MS]</c>: the engine at several budgets against the published recipe in the same process, in turns, so that a slow
/// moment falls on both; the recipe gets as much time as the engine each time. FILES are outputs of
/// <c>published-fit</c>, whose tables are those of the matrices in the same order. MS is PyTorch's time of a step
/// (published_recipe.py), for another column.
/// </summary>
internal static class FitRaceCommand
{
    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        List<List<Checkpoint>> recorded = BaselineCurve.Read(
            options.Text("--recorded", string.Empty)
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .SelectMany(File.ReadLines));
        int index = 0;
        foreach (MatrixWeight weight in MatrixSource.Of(options))
        {
            Race(weight, options, index < recorded.Count ? recorded[index] : []);
            index++;
        }

        return 0;
    }

    private static void Race(MatrixWeight weight, Arguments options, List<Checkpoint> recorded)
    {
        PublishedOptions recipe =
            PublishedFitCommand.Recipe(options) with { Picks = options.Number("--picks", 4), CheckEvery = 1000 };
        double svd = PublishedSvd.Error(weight.Values, weight.Rows, weight.Columns);
        int rank = PublishedSvd.RankOf(weight.Rows, weight.Columns);
        double svdBits = 8.0 * (((weight.Rows + weight.Columns) * rank) + rank) / weight.Values.Length;
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
                $"### {weight.Name}\n\nSVD of rank {rank}, 8 bits ({svdBits:0.00} bits per weight): error "
                    + $"{svd:0.00000}. {recipe.Threads} threads.\n"));
        PublishedRun baseline = new(weight.Values, weight.Rows, weight.Columns, recipe);
        baseline.Pick();
        RaceClock picks = new(baseline.Seconds, baseline.ProcessorSeconds);
        List<EngineRun> engine = Alternate(weight, options, recipe, baseline, svd);
        RaceClock step = (1.0 / baseline.Steps) * (new RaceClock(baseline.Seconds, baseline.ProcessorSeconds) - picks);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\nPublished recipe here: {1000 * step.Wall:0.000} ms ({1000 * step.Processor:0.000} ms of processor "
                + $"time) per step, {baseline.Steps} steps, error "
                + $"{baseline.Checkpoints.Min(c => c.Error) / svd:0.000} times the SVD's; {recipe.Picks} picks took "
                + $"{picks.Wall:0.0} s.\n"));
        if (recorded.Count > 0)
        {
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture,
                    $"Recorded run of the recipe: {recorded[^1].Step} steps, smallest error "
                        + $"{recorded.Min(c => c.Error) / svd:0.000} times the SVD's; smaller ones are extrapolated "
                        + $"beyond it.\n"));
        }

        RaceTable table = new(
            svd, engine, new BaselineCurve(baseline.Checkpoints, recorded), step,
            ((double)RaceTable.PublishedPicks / recipe.Picks)
                * picks, Numbers(options.Text("--step-ms", "0"))[0] / 1000);
        foreach (string line in table.Lines(
            Numbers(options.Text("--levels", "2,1.5,1.2,1,0.9,0.8,0.7,0.65,0.6,0.576,0.5,0.45"))))
        {
            Console.WriteLine(line);
        }

        Console.WriteLine();
    }

    private static List<EngineRun> Alternate(
        MatrixWeight weight, Arguments options, PublishedOptions recipe, PublishedRun baseline, double svd)
    {
        Console.WriteLine(
            "| budget s | wall s | processor s | error | error / SVD | bits per weight | status "
                + "|\n|---|---|---|---|---|---|---|");
        RiemPlan plan = new()
        {
            StateDim = recipe.StateDim,
            Shifts = recipe.Shifts,
            Width = recipe.Width,
            StateBits = recipe.StateBits,
        };
        FitOptions fit = new()
        {
            Seed = options.Number("--seed", 0),
            Workers = new ThreadWorkers(recipe.Threads),
        };

        // A method is compiled again, fully optimised, after it has run for a while: not a matter of either method.
        _ = EngineRun.Measure(weight, plan with { Seconds = 0.5 }, fit);
        List<EngineRun> runs = [];
        foreach (double budget in Numbers(options.Text("--budgets", "1,2,5,10,20,60,120")))
        {
            EngineRun run = EngineRun.Measure(weight, plan with { Seconds = budget }, fit);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {run.Budget} | {run.Time.Wall:0.0} | {run.Time.Processor:0.0} | {run.Error:0.00000} | "
                    + $"{run.Error / svd:0.0000} | {run.BitsPerWeight:0.00} | {run.Status} |"));
            runs.Add(run);
            baseline.Advance(run.Time.Wall);
        }

        return runs;
    }

    private static double[] Numbers(string text) =>
        [.. text.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
}
