using System.Globalization;
using FlatLearning.Benchmarks.Published;

namespace FlatLearning.Benchmarks.Rates;

/// <summary>
/// <c>fit-rate [--rows 128] [--columns 256] [--state-dim 52] [--shifts 6] [--width 14] [--rounds 200]</c>: evaluations
/// of a sigmoid per second on one core, of the engine's passes and of the baseline's step, against what the arithmetic
/// of one core allows, measured in the same run. Everything is the tenth percentile of many short rounds in turns.
/// </summary>
internal static class FitRateCommand
{
    private const double Billion = 1e9;

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        (int rows, int columns) = (options.Number("--rows", 128), options.Number("--columns", 256));
        (int d, int r, int m) =
            (options.Number("--state-dim", 52), options.Number("--shifts", 6), options.Number("--width", 14));
        List<KernelPass> passes = EnginePasses.Of(rows, columns, d, r, m);
        passes.Add(Baseline(new PublishedShape(rows, columns, d, r, m)));
        List<Action> actions = [
            () => MachinePeaks.MultiplyAdd(),
            () => MachinePeaks.Divide(),
            () => MachinePeaks.Reciprocal(),
            () => MachinePeaks.Exponential()];
        double[] seconds = InterleavedTimer.Undisturbed(
            options.Number("--rounds", 200), [.. actions, .. passes.Select(pass => pass.Run)]);
        double fma = MachinePeaks.Operations / seconds[0];
        double divide = MachinePeaks.Operations / seconds[1];
        double reciprocal = MachinePeaks.Operations / seconds[2];
        double exponential = MachinePeaks.Exponentials / seconds[3];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"One core: {fma / Billion:0.0} G multiply-adds/s ({2 * fma / Billion:0} GFLOP/s), "
                + $"{divide / Billion:0.00} G divisions/s, {reciprocal / Billion:0.00} G reciprocals/s (table and "
                + $"Newton), {exponential / Billion:0.00} G exponentials/s.\n"));
        double evaluations = (double)rows * columns * r * m;
        double exponentials = (double)(rows + columns) * r * m;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"One pass over {rows}x{columns} with {r} shifts, width {m}: K·N·R·M = {evaluations / 1e6:0.00} million "
                + $"evaluations, (K + N)·R·M = {exponentials / 1e6:0.000} million exponentials. Limit of an "
                + $"evaluation with n multiply-adds: n / {fma / Billion:0.0} G/s + 1 / "
                + $"{Math.Max(reciprocal, divide) / Billion:0.00} G/s (the faster of reciprocal and division); with "
                + $"the exponentials spread over all evaluations.\n"));
        Console.WriteLine(
            "| pass | ms | G evaluations/s/core | n | limit G/s | share of the limit |\n|---|---|---|---|---|---|");
        for (int i = 0; i < passes.Count; i++)
        {
            double rate = evaluations / seconds[actions.Count + i];
            double limit = evaluations
                / ((evaluations * ((passes[i].MultiplyAdds / fma) + (1 / Math.Max(reciprocal, divide))))
                    + (exponentials / exponential));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {passes[i].Name} | {1000 * seconds[actions.Count + i]:0.000} | {rate / Billion:0.00} | "
                    + $"{passes[i].MultiplyAdds} | {limit / Billion:0.00} | {100 * rate / limit:0} % |"));
        }

        return 0;
    }

    private static KernelPass Baseline(PublishedShape shape)
    {
        Random random = new(2);
        float[] w = [.. Enumerable.Range(0, shape.Rows * shape.Columns).Select(_ => random.NextSingle() - 0.5f)];
        PublishedFit fit = new(shape, w, PublishedStart.Draw(shape, random), threads: 1);
        return new KernelPass("baseline: one step of Adam", PassCosts.Gradient, () => fit.Step());
    }
}
