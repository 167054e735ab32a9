using FlatLearning.Fitting.Metrics;
using System.Diagnostics;
using System.Globalization;
using FlatLearning.Fitting;
using FlatLearning.Numerics;

namespace FlatLearning.Benchmarks.Rates;

/// <summary>
/// <c>fit-large [--matrix SOURCE] [--rows 768] [--columns 3072] [--state-dim 8] [--seconds 20] [--seed S] [--threads
/// T]</c>: seconds, and memory above what the process had before, of one fit with <c>riem</c> of a large matrix,
/// against 4 times the matrix. Without a source, a matrix of rank-16 structure behind a sigmoid and as much Gaussian
/// noise.
/// </summary>
internal static class FitLargeCommand
{
    private const double Megabyte = 1 << 20;

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        MatrixWeight weight = options.Has("--matrix")
            ? MatrixSource.Of(options)[0]
            : Structured(options.Number("--rows", 768), options.Number("--columns", 3072), options.Number("--seed", 0));
        RiemPlan plan = new()
        {
            StateDim = options.Number("--state-dim", 8),
            Seconds = double.Parse(options.Text("--seconds", "20"), CultureInfo.InvariantCulture),
        };
        FitOptions fit = new()
        {
            Seed = options.Number("--seed", 0),
            Workers = new ThreadWorkers(options.Number("--threads", Environment.ProcessorCount)),
        };

        // What the runtime keeps for compiled code and thread pools is no part of a fit.
        _ = WeightFitter.Fit(weight.Values.AsMemory(0, 64 * 64), 64, 64, plan with { Seconds = 0.1 }, fit);
        PeakMemory memory = new();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        FitResult result = WeightFitter.Fit(weight.Values, weight.Rows, weight.Columns, plan, fit);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        processor = Environment.CpuUsage.TotalTime - processor;
        memory.Stop();

        double matrix = sizeof(float) * (double)weight.Values.Length;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{weight.Name}, d = {plan.StateDim}: {seconds:0.0} s ({processor.TotalSeconds:0.0} s of processor "
                + $"time), {result.Status}, unexplained energy {result.Error:0.0000} (SVD of rank d: "
                + $"{UnexplainedEnergy.OfRank(weight, plan.StateDim):0.0000}), {result.Weight?.BitsPerWeight:0.000} "
                + $"bits per weight"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"matrix {matrix / Megabyte:0.0} MB; managed heap at most {memory.Managed / Megabyte:0.0} MB above the "
                + $"start = {memory.Managed / matrix:0.00} matrices (garbage included); resident "
                + $"{memory.Resident / Megabyte:0.0} MB above = {memory.Resident / matrix:0.00} matrices; the limit "
                + $"is 4"));
        return 0;
    }

    private static MatrixWeight Structured(int rows, int columns, int seed)
    {
        const int Rank = 16;
        Random random = new(seed);
        float[] left = Gaussian(random, rows * Rank);
        float[] right = Gaussian(random, columns * Rank);
        float[] values = Gaussian(random, rows * columns);
        for (int i = 0; i < values.Length; i++)
        {
            float sum = 0;
            for (int r = 0; r < Rank; r++)
            {
                sum += left[(i / columns * Rank) + r] * right[(i % columns * Rank) + r];
            }

            // Half of the energy is noise: a sigmoid of a sum of variance 16 less a half has a variance of about 0.15.
            values[i] = (1 / (1 + MathF.Exp(-sum))) - 0.5f + (0.39f * values[i]);
        }

        return new MatrixWeight($"synthetic {rows}x{columns}", values, rows, columns);
    }

    private static float[] Gaussian(Random random, int length)
    {
        float[] values = new float[length];
        foreach (ref float value in values.AsSpan())
        {
            value =
                (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble()));
        }

        return values;
    }
}
