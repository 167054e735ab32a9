using FlatLearning.Dyn.Terms;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Benchmarks;

/// <summary>Random square weights of the representations whose loading is measured.</summary>
internal static class PortableLoadCases
{
    /// <summary>Case names and their weights, each made only when it is asked for.</summary>
    public static IReadOnlyList<(string Name, Func<DynWeight> Weight)> Create(int size) =>
    [
        ("2 bits, 1 tap", () => Codes(size, 2, 1, [1, 4])),
        ("2 bits, 5 taps", () => Codes(size, 2, 5, [5, 4])),
        ("2 bits, 8-bit window", () => Codes(size, 2, 4, [256])),
        ("3 bits, 1 tap", () => Codes(size, 3, 1, [1, 8])),
        ("3 bits, 3 taps", () => Codes(size, 3, 3, [3, 8])),
        ("3 bits, 9-bit window", () => Codes(size, 3, 3, [512])),
        ("4 bits, 1 tap", () => Codes(size, 4, 1, [1, 16])),
        ("4 bits, 2 taps", () => Codes(size, 4, 2, [2, 16])),
        ("4 bits, 3 taps", () => Codes(size, 4, 3, [3, 16])),
        ("4 bits, 12-bit window", () => Codes(size, 4, 3, [4096])),
        ("5 bits, 1 tap", () => Codes(size, 5, 1, [1, 32])),
        ("6 bits, 1 tap", () => Codes(size, 6, 1, [1, 64])),
        ("8 bits, 1 tap", () => Codes(size, 8, 1, [1, 256])),
        ("riem R6 M14 d8", () => Riem(size, 8)),
        ("riem R6 M14 d52", () => Riem(size, 52)),
        ("dyn-l1 D8 s8", () => DynL1(size, 8, 8)),
        ("dyn-l1 D52 s4", () => DynL1(size, 52, 4)),
        ("dyn-l1 D52 s8", () => DynL1(size, 52, 8)),
    ];

    private static DynWeight Codes(int size, int bits, int taps, int[] shape)
    {
        Random random = new(1);
        UniformCodes codes = new(
            RandomCodes(random, size, size, bits), new Codebook(Parameters(random, shape), bits, taps));
        return new DynWeight(
            size,
            size,
            Parameters(random, [size]),
            Parameters(random, [size]),
            codes);
    }

    private static DynWeight Riem(int size, int d)
    {
        Random random = new(1);
        MetricStates states = new(
            RandomCodes(random, d, size, 8), RandomCodes(random, d, size, 8), Parameters(random, [4, d], 2.0 / 256));
        int count = (int)RiemMetric.ParameterCount(d, 6, 14);
        ParameterTensor parameters = Parameters(random, [count], 4 / Math.Sqrt(d));
        return new DynWeight(
            size, size, Parameters(random, [size]), Parameters(random, [size]),
            new MetricTerm(new RiemMetric(states, parameters, 6, 14)));
    }

    private static DynWeight DynL1(int size, int d, int bits)
    {
        Random random = new(1);
        MetricStates states = new(
            RandomCodes(random, d, size, bits),
            RandomCodes(random, d, size, bits),
            Parameters(random, [2, d], 2.0 / (1 << bits)));
        DynL1Metric metric = new(states, Parameters(random, [4]));
        return new DynWeight(
            size, size, Parameters(random, [size]), Parameters(random, [size]), new MetricTerm(metric));
    }

    /// <summary>Random bytes are random codes, in the padding too.</summary>
    private static PackedCodes RandomCodes(Random random, int rows, int columns, int bits)
    {
        CodeLayout layout = new(rows, columns, bits, CodeLayout.ChooseGroupWidth(columns));
        byte[] blob = new byte[layout.ByteLength];
        random.NextBytes(blob);
        return new PackedCodes(layout, blob);
    }

    private static ParameterTensor Parameters(Random random, int[] shape, double spread = 1)
    {
        float[] values = new float[shape.Aggregate(1, (count, dimension) => count * dimension)];
        foreach (ref float value in values.AsSpan())
        {
            value = (float)(spread * ((2 * random.NextDouble()) - 1));
        }

        return new ParameterTensor(values, shape, ParameterType.Float16);
    }
}
