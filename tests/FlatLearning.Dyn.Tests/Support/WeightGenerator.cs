using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Terms;

namespace FlatLearning.Dyn.Tests.Support;

/// <summary>Random weights of the whole format, the same for the same case.</summary>
internal static class WeightGenerator
{
    public static readonly int[] Bits = [0, 2, 3, 4, 5, 6, 8];

    public static readonly int[] GroupWidths = [0, 8, 16, 24, 56, 64, 72, 120, 128, 136, 184, 192, 256, 1000, 1024];

    private static readonly (int K, int N)[] Shapes =
    [
        (1, 1), (1, 3), (3, 1), (3, 17), (17, 3), (17, 17), (17, 100), (33, 130), (40, 257), (1, 1000), (3, 1000),
        (1000, 3), (1000, 17), (17, 1000), (70, 520),
    ];

    /// <summary>A case drawn at random over everything that the specification allows.</summary>
    public static WeightCase Draw(int seed)
    {
        Random random = new(seed);
        int bits = Pick(random, Bits);
        int[] bands = random.Next(4) == 0
            ? [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => Pick(random, Bits[1..]))]
            : [];
        bits = bands.Length > 0 ? 0 : bits;
        bool isWindow = bits > 0 && random.Next(3) == 0;
        int maxTaps = isWindow ? Math.Min(5, 12 / bits) : 5;
        (int k, int n) = Shapes[random.Next(Shapes.Length)];
        string metric = Pick<string>(
            random,
            bits == 0 && bands.Length == 0
                ? [.. MetricKinds.All]
                : [MetricKinds.None, MetricKinds.None, .. MetricKinds.All]);
        int stateDim = random.Next(1, 13);
        return new WeightCase
        {
            Rows = k,
            Columns = n,
            Bits = bits,
            Bands = bands,
            Sparse = random.Next(5) == 0 ? random.Next(1, 200) : 0,
            HasLogScales = random.Next(3) == 0,
            Taps = bits == 0 && bands.Length == 0 ? 1 : random.Next(1, maxTaps + 1),
            IsWindow = isWindow,
            GroupWidth = Pick(random, GroupWidths),
            Metric = metric,
            StateBits = random.Next(1, 9),
            StateDim = stateDim,
            Heads = metric == MetricKinds.Riem ? 1 : random.Next(1, 5),
            Shifts = random.Next(1, stateDim + 1),
            Width = random.Next(1, 8),
            Spread = Pick<double>(random, [1.0, 5.0, 30.0, 300.0]),
            HasRowScale = bands.Length > 0 || random.Next(2) == 0,
            HasColumnScale = bits > 0 || bands.Length > 0 || random.Next(2) == 0,
            Type = Pick<ParameterType>(random, [ParameterType.Float16, ParameterType.Float32]),
            Seed = seed,
        };
    }

    /// <summary>A weight of the case, with values from its seed.</summary>
    public static DynWeight Create(WeightCase c)
    {
        Random random = new(c.Seed);
        List<WeightTerm> terms = [];
        if (c.Bits > 0)
        {
            PackedCodes codes = RandomCodes(random, c.Rows, c.Columns, c.Bits, c.GroupWidth);
            int[] shape = c.IsWindow ? [1 << (c.Bits * c.Taps)] : [c.Taps, 1 << c.Bits];
            terms.Add(new UniformCodes(codes, new Codebook(Parameters(random, c.Type, 1, shape), c.Bits, c.Taps)));
        }

        if (c.Bands.Length > 0)
        {
            terms.Add(new MixedCodes(RandomBands(random, c)));
        }

        if (c.Metric != MetricKinds.None)
        {
            terms.Add(new MetricTerm(RandomMetric(random, c)));
        }

        ParameterTensor? rowScale = c.HasRowScale ? Scales(random, c, c.Rows) : null;
        ParameterTensor? columnScale = c.HasColumnScale ? Scales(random, c, c.Columns) : null;
        if (c.Sparse > 0)
        {
            terms.Add(new SparseTerm(RandomSparse(random, c)));
        }

        return new DynWeight(c.Rows, c.Columns, rowScale, columnScale, terms);
    }

    /// <summary>Elements at random positions, at most so many; gaps may be long.</summary>
    private static SparseElements RandomSparse(Random random, WeightCase c) => SparseElements.Of(
        c.Rows,
        c.Columns,
        Enumerable.Range(0, c.Sparse)
            .Select(_ => (random.Next(c.Rows), random.Next(c.Columns)))
            .Distinct()
            .Select(place => (place.Item1, place.Item2, (float)((2 * random.NextDouble()) - 1))));

    /// <summary>Sections of random lengths, some of none; the taps differ from band to band.</summary>
    private static BandedCodes RandomBands(Random random, WeightCase c)
    {
        int width = c.GroupWidth == 0 ? CodeLayout.ChooseGroupWidth(c.Columns) : c.GroupWidth;
        int groups = new CodeLayout(c.Rows, c.Columns, 1, width).Groups;
        int some = random.Next(c.Bands.Length);
        int[] starts = new int[(groups + 1) * c.Bands.Length];
        for (int group = 0; group < groups; group++)
        {
            int left = c.Rows;
            for (int band = 0; band < c.Bands.Length; band++)
            {
                int max = group == 0 && band < some ? left - 1 : left;
                int rows = group == 0 && band == some
                    ? 1 + random.Next(left)
                    : random.Next(3) == 0
                    ? 0
                    : random.Next(max + 1);
                left -= rows;
                starts[((group + 1) * c.Bands.Length) + band] = starts[(group * c.Bands.Length) + band] + rows;
            }
        }

        List<CodeBand> bands = [];
        for (int band = 0; band < c.Bands.Length; band++)
        {
            int rows = starts[(groups * c.Bands.Length) + band];
            int taps = ((c.Taps + band - 1) % Codebook.MaxTaps) + 1;
            Codebook codebook = new(Parameters(random, c.Type, 1, taps, 1 << c.Bands[band]), c.Bands[band], taps);
            bands.Add(
                new CodeBand(codebook, rows == 0 ? null : RandomCodes(random, rows, width, c.Bands[band], width)));
        }

        return new BandedCodes(c.Rows, c.Columns, width, bands, starts);
    }

    private static ParameterTensor Scales(Random random, WeightCase c, int count)
    {
        ParameterTensor plain = Parameters(random, c.Type, 1, count);
        return c.HasLogScales
            ? new ParameterTensor(
                Array.ConvertAll(plain.Values, value => MathF.Abs(value) < 0.1f ? 0 : MathF.Abs(value)),
                [count],
                ParameterType.Log8)
            : plain;
    }

    /// <summary>Random codes in the given group width, 0 for the default.</summary>
    public static PackedCodes RandomCodes(Random random, int rows, int columns, int bits, int groupWidth)
    {
        byte[] codes = new byte[rows * columns];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)random.Next(1 << bits);
        }

        CodeLayout layout =
            new(rows, columns, bits, groupWidth == 0 ? CodeLayout.ChooseGroupWidth(columns) : groupWidth);
        byte[] blob = new byte[layout.ByteLength];
        CodePacker.Pack(codes, layout, blob);
        return new PackedCodes(layout, blob);
    }

    private static Metric RandomMetric(Random random, WeightCase c)
    {
        int coordinates = c.StateDim * c.Heads;
        bool isRiem = c.Metric == MetricKinds.Riem;
        if (c.Metric is MetricKinds.DynL2 or MetricKinds.DynInverseL2)
        {
            return RandomDistances(random, c);
        }

        // States spread over about [-1, 1]; riem's arguments then over about the wanted range.
        ParameterTensor range = Parameters(random, c.Type, 2.0 / (1 << c.StateBits), isRiem ? 4 : 2, coordinates);
        MetricStates states = new(
            RandomCodes(random, coordinates, c.Rows, c.StateBits, c.GroupWidth),
            RandomCodes(random, coordinates, c.Columns, c.StateBits, 0),
            range);
        int count = isRiem ? (int)RiemMetric.ParameterCount(c.StateDim, c.Shifts, c.Width) : c.Heads;
        return MetricKinds.Create(
            c.Metric, states, Parameters(random, c.Type, isRiem ? c.Spread / Math.Sqrt(c.StateDim) : 1, count),
            c.Heads, c.Shifts, c.Width);
    }

    /// <summary>Offsets and softenings are whole numbers, some as large as they may be.</summary>
    private static Metric RandomDistances(Random random, WeightCase c)
    {
        int coordinates = c.StateDim * c.Heads;
        bool isInverse = c.Metric == MetricKinds.DynInverseL2;
        float[] parameters = new float[(isInverse ? 2 : 1) * c.Heads + 1];
        float[] offset = new float[coordinates];
        for (int h = 0; h < c.Heads; h++)
        {
            parameters[h] = (2 * random.NextSingle()) - 1;
            float softening = isInverse ? 1 << random.Next(11) : 0;
            if (isInverse)
            {
                parameters[c.Heads + h] = softening;
            }

            int max = Math.Min(DistanceMetric.MaxOffset(c.StateDim, c.StateBits, softening), 2048);
            for (int i = h * c.StateDim; i < (h + 1) * c.StateDim; i++)
            {
                offset[i] = random.Next(3) switch { 0 =>
                    0, 1 => max * ((2 * random.Next(2)) - 1), _ => random.Next(-max, max + 1) };
            }
        }

        parameters[^1] = random.NextSingle();
        MetricStates states = new(
            RandomCodes(random, coordinates, c.Rows, c.StateBits, c.GroupWidth),
            RandomCodes(random, coordinates, c.Columns, c.StateBits, 0),
            new ParameterTensor(offset, [1, coordinates], c.Type));
        return MetricKinds.Create(
            c.Metric, states, new ParameterTensor(parameters, [parameters.Length], c.Type), c.Heads, 0, 0);
    }

    private static ParameterTensor Parameters(
        Random random, ParameterType type, double spread, params ReadOnlySpan<int> shape)
    {
        int count = 1;
        foreach (int dimension in shape)
        {
            count *= dimension;
        }

        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)(spread * ((2 * random.NextDouble()) - 1));
        }

        return new ParameterTensor(values, shape, type);
    }

    private static T Pick<T>(Random random, T[] choices) => choices[random.Next(choices.Length)];
}
