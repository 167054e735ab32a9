using FlatLearning.Dyn.Terms;
using System.Runtime.Intrinsics;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Benchmarks;

/// <summary>
/// Weights per second of one core, by representation, for a 1024 x 4096 weight decoded by tiles of 256 rows into one
/// buffer.
/// </summary>
internal static class DecodeCommand
{
    private const int Rows = 1024;
    private const int Columns = 4096;
    private const int TileRows = 256;
    private const int Rounds = 9;

    /// <summary>Runs and prints a table; takes no arguments.</summary>
    public static int Run(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            Console.Error.WriteLine($"decode takes no arguments, found '{string.Join(' ', arguments)}'.");
            return 2;
        }

        List<(string Name, DynWeight Weight)> cases = [];
        foreach (int bits in (int[])[2, 3, 4, 5, 6, 8])
        {
            foreach (int taps in (int[])[1, 2, 3, 5])
            {
                cases.Add(($"{bits} bits, sum of {taps} tables", Codes(bits, taps, [taps, 1 << bits])));
            }
        }

        cases.Add(("2 bits, 8-bit window", Codes(2, 4, [1 << 8])));
        cases.Add(("4 bits, 12-bit window", Codes(4, 3, [1 << 12])));
        cases.Add(("riem, R = 6, M = 14, d = 8", Riem(6, 14, 8)));
        cases.Add(("dyn-l1, H = 8, d = 8", DynL1(8, 8)));

        float[] tile = new float[TileRows * CodeLayout.MaxGroupWidth];
        List<Action> actions = [];
        foreach ((_, DynWeight weight) in cases)
        {
            WeightDecoder decoder = new(weight);
            actions.Add(() =>
            {
                for (int group = 0; group < decoder.Groups; group++)
                {
                    for (int row = 0; row < Rows; row += TileRows)
                    {
                        decoder.DecodeTile(group, row, TileRows, tile, decoder.GroupWidth);
                    }
                }
            });
        }

        double[] seconds = InterleavedTimer.Medians(Rounds, actions);
        string lanes = Vector512.IsHardwareAccelerated
            ? "512"
            : Vector256.IsHardwareAccelerated
            ? "256"
            : Vector128.IsHardwareAccelerated
            ? "128"
            : "no";
        Console.WriteLine($"{Rows} x {Columns} weights, one thread, {lanes}-bit vectors, median of {Rounds}");
        Console.WriteLine("| representation | 10^6 weights per second | bits per weight |");
        Console.WriteLine("|---|---|---|");
        for (int i = 0; i < cases.Count; i++)
        {
            Console.WriteLine(
                $"| {cases[i].Name} | {Rows * (double)Columns / seconds[i] / 1e6:F0} | "
                    + $"{cases[i].Weight.BitsPerWeight:F2} |");
        }

        return 0;
    }

    private static DynWeight Codes(int bits, int taps, int[] shape)
    {
        Random random = new(1);
        int count = 1;
        foreach (int dimension in shape)
        {
            count *= dimension;
        }

        UniformCodes codes = new(
            RandomCodes(random, Rows, Columns, bits), new Codebook(Parameters(random, shape, count), bits, taps));
        return new DynWeight(
            Rows, Columns, Parameters(random, [Rows], Rows), Parameters(random, [Columns], Columns), codes);
    }

    private static DynWeight Riem(int shifts, int width, int d)
    {
        Random random = new(1);
        MetricStates states = new(
            RandomCodes(random, d, Rows, 8),
            RandomCodes(random, d, Columns, 8),
            Parameters(random, [4, d], 4 * d, 0.01));
        int count = (int)RiemMetric.ParameterCount(d, shifts, width);
        return new DynWeight(
            Rows, Columns, null, null,
            new MetricTerm(new RiemMetric(states, Parameters(random, [count], count), shifts, width)));
    }

    private static DynWeight DynL1(int heads, int d)
    {
        Random random = new(1);
        MetricStates states = new(
            RandomCodes(random, heads * d, Rows, 8), RandomCodes(random, heads * d, Columns, 8),
            Parameters(random, [2, heads * d], 2 * heads * d, 0.01));
        return new DynWeight(
            Rows, Columns, null, null, new MetricTerm(new DynL1Metric(states, Parameters(random, [heads], heads))));
    }

    private static PackedCodes RandomCodes(Random random, int rows, int columns, int bits)
    {
        byte[] codes = new byte[rows * columns];
        random.NextBytes(codes);
        foreach (ref byte code in codes.AsSpan())
        {
            code &= (byte)((1 << bits) - 1);
        }

        return PackedCodes.Pack(codes, rows, columns, bits);
    }

    private static ParameterTensor Parameters(Random random, int[] shape, int count, double spread = 1)
    {
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan())
        {
            value = (float)(spread * ((2 * random.NextDouble()) - 1));
        }

        return new ParameterTensor(values, shape, ParameterType.Float16);
    }
}
