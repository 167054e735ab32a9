using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Terms;
using FlatLearning.Dyn.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Dyn.Tests.Decoding;

public sealed class WeightDecoderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Decode_RandomWeights_AgreesWithReference(int quarter) => CheckRandom(quarter * 60, 60);

    [Fact]
    public void Decode_EveryBitsAndTaps_AgreesWithReference() => CheckEveryCodebook();

    [Theory]
    [InlineData(MetricKinds.Riem)]
    [InlineData(MetricKinds.DynL1)]
    [InlineData(MetricKinds.DynL2)]
    [InlineData(MetricKinds.DynInverseL2)]
    public void Decode_EveryStateBits_AgreesWithReference(string metric)
    {
        for (int stateBits = 1; stateBits <= 8; stateBits++)
        {
            Check(
                new WeightCase { Metric = metric, StateBits = stateBits, Heads = metric == MetricKinds.Riem ? 1 : 3,
                    HasRowScale = false });
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(1e3)]
    [InlineData(1e30)]
    public void Decode_RiemArgumentsOfAnySize_AgreesWithReference(double spread) =>
        Check(
            new WeightCase { Metric = MetricKinds.Riem, Spread = spread, Rows = 40, Columns = 40, Shifts = 6,
                Width = 3 });

    [Theory]
    [InlineData(2)]
    [InlineData(30)]
    [InlineData(70)]
    [InlineData(79)]
    [InlineData(200)]
    public void Decode_RiemArgumentsAtBothEnds_Saturates(float slope)
    {
        // Two features, one coordinate, states -1 and 1: arguments -2 slope, 0 and 2 slope, whose exponentials overflow
        // float from a slope of 45 on, while those of rows and columns alone do not until 88.
        ParameterTensor range = new([-1, 2, -1, 2], [4, 1], ParameterType.Float32);
        MetricStates states = new(PackedCodes.Pack([0, 1], 1, 2, 1), PackedCodes.Pack([0, 1, 0, 1, 1], 1, 5, 1), range);
        ParameterTensor parameters = new([slope, slope, 0, 0, 3, -1, 0.5f], [7], ParameterType.Float32);
        DynWeight weight = new(2, 5, null, null, new MetricTerm(new RiemMetric(states, parameters, 1, 2)));
        float[] dense = new float[10];
        new WeightDecoder(weight).Decode(dense);
        DecoderCheck.Verify(weight, dense, $"slope {slope}");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 17)]
    [InlineData(3, 1000)]
    [InlineData(17, 3)]
    [InlineData(1000, 1)]
    [InlineData(1000, 3)]
    public void Decode_OddShapes_AgreesWithReference(int rows, int columns)
    {
        foreach (int bits in (int[])[2, 3, 4, 5, 6, 8])
        {
            Check(new WeightCase { Rows = rows, Columns = columns, Bits = bits, Taps = 3 });
        }

        Check(new WeightCase { Rows = rows, Columns = columns, Metric = MetricKinds.Riem });
        Check(new WeightCase { Rows = rows, Columns = columns, Metric = MetricKinds.DynL1, Heads = 2 });
        Check(new WeightCase { Rows = rows, Columns = columns, Metric = MetricKinds.DynL2, Heads = 2 });
        Check(new WeightCase { Rows = rows, Columns = columns, Metric = MetricKinds.DynInverseL2, Heads = 3 });
    }

    [Fact]
    public void Decode_EveryGroupWidth_AgreesWithReference()
    {
        foreach (int width in WeightGenerator.GroupWidths)
        {
            Check(new WeightCase { Rows = 19, Columns = 300, Bits = 3, Taps = 2, GroupWidth = width });
            Check(new WeightCase { Rows = 5, Columns = 300, Bits = 4, Metric = MetricKinds.Riem, GroupWidth = width });
        }
    }

    [Fact]
    public void DecodeTile_AnyTileInGuardedMemory_IsPartOfTheWholeAndNothingElse()
    {
        Random random = new(7);
        for (int seed = 1000; seed < 1150; seed++)
        {
            DynWeight weight = WeightGenerator.Create(
                WeightGenerator.Draw(seed) with { Rows = random.Next(1, 60), Columns = random.Next(1, 300) });
            WeightDecoder decoder = new(weight);
            float[] whole = new float[weight.Rows * weight.Columns];
            decoder.Decode(whole);
            whole = weight.Bands is null ? whole : InScaleOrder(weight, whole);
            int group = random.Next(decoder.Groups);
            int width = decoder.WidthOf(group);
            int first = random.Next(weight.Rows);
            int count = random.Next(1, weight.Rows - first + 1);
            int stride = width + random.Next(3);
            using GuardedMemory<float> tile =
                new(((count - 1) * stride) + width, seed % 2 == 0 ? GuardedEnd.First : GuardedEnd.Last);
            tile.Span.Fill(float.NegativeInfinity);
            decoder.DecodeTile(group, first, count, tile.Span, stride);
            for (int i = 0; i < tile.Span.Length; i++)
            {
                (int k, int n) = (i / stride, i % stride);
                float expected = n < width
                    ? whole[((first + k) * weight.Columns) + (group * decoder.GroupWidth) + n]
                    : float.NegativeInfinity;
                Assert.True(
                    expected == tile.Span[i],
                    $"seed {seed}: tile element ({k}, {n}) is {tile.Span[i]}, expected {expected}");
            }
        }
    }

    [Fact]
    public void DecodeTile_Parts_AreTheWeightWithoutTheOthers()
    {
        WeightCase c = new() { Rows = 40, Columns = 70, Bits = 4, Taps = 2, Metric = MetricKinds.Riem };
        DynWeight all = WeightGenerator.Create(c);
        ParameterTensor ones = new(Enumerable.Repeat(1f, c.Columns).ToArray(), [c.Columns], ParameterType.Float32);
        Verify(DecodeParts.All, all);
        (WeightTerm codes, WeightTerm metric) = (all.Find<UniformCodes>()!, all.Find<MetricTerm>()!);
        Verify(DecodeParts.Unscaled, new DynWeight(c.Rows, c.Columns, null, ones, metric, codes));
        Verify(DecodeParts.Codes, new DynWeight(c.Rows, c.Columns, null, ones, codes));
        Verify(DecodeParts.Metric, new DynWeight(c.Rows, c.Columns, null, null, metric));
        Verify(
            DecodeParts.Codes | DecodeParts.Scales,
            new DynWeight(c.Rows, c.Columns, all.RowScale, all.ColumnScale, codes));
        Verify(
            DecodeParts.Unscaled | DecodeParts.RowScale,
            new DynWeight(c.Rows, c.Columns, all.RowScale, ones, metric, codes));
        Verify(
            DecodeParts.Unscaled | DecodeParts.ColumnScale,
            new DynWeight(c.Rows, c.Columns, null, all.ColumnScale, metric, codes));
        Verify(
            DecodeParts.Metric | DecodeParts.Scales,
            new DynWeight(c.Rows, c.Columns, all.RowScale, all.ColumnScale, metric));

        void Verify(DecodeParts parts, DynWeight expected)
        {
            float[] dense = new float[c.Rows * c.Columns];
            new WeightDecoder(all).Decode(dense, parts);
            DecoderCheck.Verify(expected, dense, parts.ToString());
        }
    }

    [Fact]
    public void DecodeTile_PartThatIsAbsent_IsZero()
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Bits = 2 });
        float[] dense = new float[weight.Rows * weight.Columns];
        Array.Fill(dense, float.NaN);
        new WeightDecoder(weight).Decode(dense, DecodeParts.Metric);
        Assert.All(dense, value => Assert.Equal(0f, value));
    }

    [Fact]
    public void Decode_InParallelPieces_IsTheSameBitForBit()
    {
        foreach (WeightCase c in (WeightCase[])[
            new() { Rows = 700, Columns = 300, Bits = 3, Taps = 5 },
            new() { Rows = 300, Columns = 90, Metric = MetricKinds.Riem }])
        {
            WeightDecoder decoder = new(WeightGenerator.Create(c));
            float[] sequential = new float[c.Rows * c.Columns];
            float[] parallel = new float[c.Rows * c.Columns];
            decoder.Decode(sequential);
            decoder.Decode(parallel, (count, body) => Parallel.For(0, count, body));
            Assert.Equal(sequential, parallel);
        }
    }

    [Fact]
    public void DecodeTile_Repeated_DoesNotAllocate()
    {
        WeightDecoder decoder =
            new(WeightGenerator.Create(new WeightCase { Bits = 4, Taps = 2, Metric = MetricKinds.Riem }));
        float[] tile = new float[decoder.Rows * decoder.GroupWidth];
        decoder.DecodeTile(0, 0, decoder.Rows, tile, decoder.GroupWidth);
        // The least of many runs: a collection that another test causes counts what this thread had only reserved.
        long allocated = long.MaxValue;
        for (int i = 0; i < 100; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            decoder.DecodeTile(0, 0, decoder.Rows, tile, decoder.GroupWidth);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void DecodeTile_OutsideOfTheWeightOrTheBuffer_Throws()
    {
        DynWeight weight =
            WeightGenerator.Create(new WeightCase { Rows = 10, Columns = 20, Bits = 2, GroupWidth = 16 });
        WeightDecoder decoder = new(weight);
        float[] tile = new float[160];
        Assert.ThrowsAny<ArgumentException>(() => decoder.DecodeTile(-1, 0, 1, tile, 16));
        Assert.ThrowsAny<ArgumentException>(() => decoder.DecodeTile(2, 0, 1, tile, 16));
        Assert.ThrowsAny<ArgumentException>(() => decoder.DecodeTile(0, -1, 1, tile, 16));
        Assert.ThrowsAny<ArgumentException>(() => decoder.DecodeTile(0, 1, 10, tile, 16));
        Assert.ThrowsAny<ArgumentException>(() => decoder.DecodeTile(0, 5, int.MaxValue, tile, 16));
        Assert.ThrowsAny<ArgumentException>(() => decoder.DecodeTile(0, 0, -1, tile, 16));
        Assert.ThrowsAny<ArgumentException>(() => decoder.DecodeTile(0, 0, 10, tile, 15));
        Assert.ThrowsAny<ArgumentException>(() => decoder.DecodeTile(0, 0, 10, tile.AsSpan(1), 16));
        Assert.ThrowsAny<ArgumentException>(() => decoder.Decode(new float[199]));
        decoder.DecodeTile(0, 10, 0, [], 16);
    }

    [Fact]
    public void Decode_BandsOfEveryWidth_AgreesWithReference()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            foreach (string metric in (string[])[MetricKinds.None, MetricKinds.Riem, MetricKinds.DynL2])
            {
                Check(new WeightCase
                {
                    Rows = 90,
                    Columns = 150,
                    Bands = [8, 6, 5, 4, 3, 2],
                    Taps = 1 + (seed % 5),
                    GroupWidth = seed % 2 == 0 ? 0 : 24,
                    Metric = metric,
                    HasLogScales = seed % 4 > 1,
                    Seed = seed,
                });
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(3000)]
    public void Decode_SparseElements_AgreesWithReference(int count)
    {
        WeightCase c = new() { Rows = 300, Columns = 130, Sparse = count, Seed = count };
        Check(c with { HasRowScale = false, HasColumnScale = false });
        Check(c with { Bits = 3, Taps = 3 });
        Check(c with { Bands = [4, 2], HasLogScales = true });
    }

    private static float[] InScaleOrder(DynWeight weight, float[] dense)
    {
        _ = weight.InScaleOrder(out int[] rows, out int[] columns);
        return [.. rows.SelectMany(k => columns.Select(n => dense[(k * weight.Columns) + n]))];
    }

    /// <summary>Random weights, checked against the reference.</summary>
    internal static void CheckRandom(int firstSeed, int count)
    {
        for (int seed = firstSeed; seed < firstSeed + count; seed++)
        {
            Check(WeightGenerator.Draw(seed));
        }
    }

    /// <summary>Every number of bits with every number of taps, sums and windows, more rows than a block has.</summary>
    internal static void CheckEveryCodebook()
    {
        foreach (int bits in (int[])[2, 3, 4, 5, 6, 8])
        {
            for (int taps = 1; taps <= Codebook.MaxTaps; taps++)
            {
                Check(new WeightCase { Rows = 35, Columns = 45, Bits = bits, Taps = taps });
                if (bits * taps <= Codebook.MaxWindowBits)
                {
                    Check(new WeightCase { Rows = 35, Columns = 45, Bits = bits, Taps = taps, IsWindow = true });
                }
            }
        }
    }

    private static void Check(WeightCase c)
    {
        DynWeight weight = WeightGenerator.Create(c);
        float[] dense = new float[c.Rows * c.Columns];
        Array.Fill(dense, float.NaN);
        new WeightDecoder(weight).Decode(dense);
        DecoderCheck.Verify(weight, dense, c.ToString());
    }
}
