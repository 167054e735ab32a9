using System.Diagnostics;
using System.Globalization;
using FlatLearning.Onnx.Evaluation.Runtime;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>kernel-shapes --library FILE --k N --n N --layers N --rows 1,8,128 --contenders fp32,nbits,dyn4x1 [--rounds N]
/// [--threads N] [--quantile Q]</c>: time per layer of chains of products (<see cref="ShapeModel"/>): the quantile Q of
/// the runs of a turn, in percent; 50 unless told, 10 on a machine that others use meanwhile. Every contender runs in a
/// process of its own, since thread pools spin and disturb each other; they take turns, and one speaks at a time.
/// Median over rounds, and the ratio first contender / this one, median and 10th to 90th percentile of the rounds. A
/// contender with <c>@avx2</c> behind its name runs in the library's build for AVX2.
/// </summary>
internal static class KernelShapesCommand
{
    private const string ChildSwitch = "--child";
    private const string VariantVariable = "FLAT_CUSTOM_OPS_VARIANT";

    // Runs of one turn: long enough to bring caches and clock to where they stay, of which the median counts.
    private const double TurnSeconds = 0.1;

    // A pool stops spinning within this time.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        (int k, int n, int layers) =
            (options.Number("--k", 4096), options.Number("--n", 4096), options.Number("--layers", 6));
        if (options.Has(ChildSwitch))
        {
            return Child(
                options.Required(ChildSwitch), k, n, layers, options.Number("--threads", 2),
                options.Text("--library", string.Empty), options.Number("--quantile", 50));
        }

        string[] contenders = options.Text("--contenders", "fp32,nbits,dyn4x1").Split(',');
        int rounds = options.Number("--rounds", 11);
        Process[] children = Array.ConvertAll(contenders, name => Start(name, arguments));
        try
        {
            Console.WriteLine(
                $"{layers} layers of {k} x {n} in a chain, milliseconds per layer, {options.Number("--threads", 2)} "
                    + $"threads\n");
            Console.WriteLine(
                $"| rows | {string.Join(" | ", contenders.Select(c => $"{c} ms"))} | "
                    + $"{string.Join(" | ", contenders[1..].Select(c => $"{contenders[0]} / {c}"))} |");
            Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---|", (2 * contenders.Length) - 1))}");
            foreach (string rows in options.Text("--rows", "1,8,128").Split(','))
            {
                Measure(children, rows, rounds, layers);
            }
        }
        finally
        {
            foreach (Process child in children)
            {
                child.StandardInput.Close();
                child.WaitForExit();
            }
        }

        return 0;
    }

    private static void Measure(Process[] children, string rows, int rounds, int layers)
    {
        double[][] times = Array.ConvertAll(children, _ => new double[rounds]);
        for (int round = -1; round < rounds; round++)
        {
            for (int i = 0; i < children.Length; i++)
            {
                children[i].StandardInput.WriteLine(rows);
                string line = children[i].StandardOutput.ReadLine()
                    ?? throw new InvalidOperationException("A contender ended early.");
                if (round >= 0)
                {
                    times[i][round] = 1e3 / layers * double.Parse(line, CultureInfo.InvariantCulture);
                }

                Thread.Sleep(Pause);
            }
        }

        string Ratio(double[] other)
        {
            double[] ratios = [.. times[0].Zip(other, (a, b) => a / b).Order()];
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{ratios[rounds / 2]:0.00} ({ratios[rounds / 10]:0.00} to {ratios[rounds * 9 / 10]:0.00})");
        }

        IEnumerable<string> medians =
            times.Select(t => t.Order().ElementAt(rounds / 2).ToString("0.0000", CultureInfo.InvariantCulture));
        Console.WriteLine(
            $"| {rows} | {string.Join(" | ", medians)} | {string.Join(" | ", times[1..].Select(Ratio))} |");
    }

    private static Process Start(string contender, string[] arguments)
    {
        string[] parts = contender.Split('@');
        ProcessStartInfo start = ChildCommand.Of("kernel-shapes", [.. arguments, ChildSwitch, parts[0]]);
        start.RedirectStandardInput = true;
        if (parts.Length > 1)
        {
            start.Environment[VariantVariable] = parts[1];
        }

        return Process.Start(start)!;
    }

    /// <summary>
    /// Reads numbers of rows, runs for a turn, and answers each with the quantile of the seconds of a run.
    /// </summary>
    private static int Child(string contender, int k, int n, int layers, int threads, string library, int quantile)
    {
        using SessionOptions settings = ContenderOptions.Create(contender, threads, library);
        using InferenceSession session =
            new(ShapeModel.Create(contender, k, n, layers).ToByteArray(), settings);
        GC.Collect();
        while (Console.ReadLine() is { } line)
        {
            int rows = int.Parse(line, CultureInfo.InvariantCulture);
            float[] x = new float[rows * k];
            Random random = new(rows);
            foreach (ref float value in x.AsSpan())
            {
                value = (2 * random.NextSingle()) - 1;
            }

            Dictionary<string, OrtTensor> inputs = new() { ["x"] = OrtTensor.Create(x, rows, k) };
            Console.WriteLine(Turn(session, inputs, quantile).ToString("R", CultureInfo.InvariantCulture));
        }

        return 0;
    }

    private static double Turn(InferenceSession session, Dictionary<string, OrtTensor> inputs, int quantile)
    {
        List<double> seconds = [];
        long begin = Stopwatch.GetTimestamp();
        do
        {
            long start = Stopwatch.GetTimestamp();
            _ = session.Run(inputs);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        while (seconds.Count < 3 || Stopwatch.GetElapsedTime(begin).TotalSeconds < TurnSeconds);
        return seconds.Order().ElementAt(seconds.Count * quantile / 100);
    }
}
