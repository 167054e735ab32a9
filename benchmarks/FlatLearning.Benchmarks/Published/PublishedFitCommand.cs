using System.Globalization;

namespace FlatLearning.Benchmarks.Published;

/// <summary>
/// <c>published-fit (--matrix SOURCE | --preset issue --models DIR) [--picks 100] [--steps 1000001] [--threads T]
/// [--seed S] [--seconds LIMIT] [--every STEPS]</c>: runs the published recipe and prints its error, in its own measure
/// and over that of the SVD of half the rank, against steps, wall clock and processor time.
/// </summary>
internal static class PublishedFitCommand
{
    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        PublishedOptions recipe = Recipe(options);
        double limit = double.Parse(options.Text("--seconds", "1e9"), CultureInfo.InvariantCulture);
        foreach (MatrixWeight weight in MatrixSource.Of(options))
        {
            Fit(weight, recipe, limit, options.Number("--every", recipe.CheckEvery));
        }

        return 0;
    }

    /// <summary>The protocol as options change it.</summary>
    public static PublishedOptions Recipe(Arguments options)
    {
        PublishedOptions published = new();
        return published with
        {
            StateDim = options.Number("--state-dim", published.StateDim),
            Shifts = options.Number("--shifts", published.Shifts),
            Width = options.Number("--width", published.Width),
            StateBits = options.Number("--state-bits", published.StateBits),
            Picks = options.Number("--picks", published.Picks),
            Steps = options.Number("--steps", (int)published.Steps),
            Threads = options.Number("--threads", published.Threads),
            Seed = options.Number("--seed", published.Seed),
        };
    }

    private static void Fit(MatrixWeight weight, PublishedOptions recipe, double limit, int every)
    {
        double svd = PublishedSvd.Error(weight.Values, weight.Rows, weight.Columns);
        PublishedShape shape = new(weight.Rows, weight.Columns, recipe.StateDim, recipe.Shifts, recipe.Width);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{weight.Name}: {shape.ParameterCount} unknowns; SVD of rank "
                + $"{PublishedSvd.RankOf(weight.Rows, weight.Columns)}, 8 bits: error {svd:0.00000}; "
                + $"{recipe.Threads} threads\n"));
        PublishedRun run = new(weight.Values, weight.Rows, weight.Columns, recipe);
        run.Pick(
            (index, error) => Console.Error.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"pick {index}: error {error:0.00000}")));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{recipe.Picks} picks of {recipe.PickSteps} steps: {run.PickSeconds:0.0} s\n"));
        Console.WriteLine(TableHead);
        run.Advance(limit, checkpoint =>
        {
            if (checkpoint.Step % every == 0)
            {
                Console.WriteLine(Row(checkpoint, svd));
            }
        });
        Checkpoint last = run.Checkpoints[^1];
        double best = run.Checkpoints.Min(checkpoint => checkpoint.Error);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{(run.Ended ? "ended" : "stopped by the time limit")} after {run.Steps} steps; smallest error "
                + $"{best:0.00000}, {best / svd:0.000} times the SVD's; "
                + $"{1000 * (last.Seconds - run.PickSeconds) / run.Steps:0.000} ms per step\n"));
    }

    /// <summary>The table that <see cref="Races.BaselineCurve.Read"/> reads.</summary>
    internal const string TableHead =
        "| step | loss | error | error / SVD | s | processor s |\n|---|---|---|---|---|---|";

    internal static string Row(Checkpoint c, double svd) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {c.Step} | {c.Loss:G6} | {c.Error:0.00000} | {c.Error / svd:0.0000} | {c.Seconds:0.0} | "
            + $"{c.ProcessorSeconds:0.0} |");
}
