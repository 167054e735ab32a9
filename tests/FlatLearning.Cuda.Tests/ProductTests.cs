using FlatLearning.Cuda.Tests.Ptx;
using FlatLearning.Cuda.Tests.Support;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Kernels;

namespace FlatLearning.Cuda.Tests;

/// <summary>Every kernel, as the text that ships, against the reference decoder in double precision.</summary>
public sealed class ProductTests
{
    private static readonly ElementType[] Types = [ElementType.Float32, ElementType.Float16, ElementType.BFloat16];

    public static TheoryData<int, int> Codes()
    {
        TheoryData<int, int> data = [];
        foreach (int bits in (int[])[2, 3, 4, 5, 6, 8])
        {
            for (int taps = 1; taps <= Codebook.MaxTaps; taps++)
            {
                data.Add(bits, taps);
            }
        }

        return data;
    }

    // Lengths are odd and even, below and above a tile; over all widths and taps every number of rows from 1 to 17.
    [Theory]
    [MemberData(nameof(Codes))]
    public void Codes_OfOneWidth_MatchTheOracle(int bits, int taps)
    {
        (int K, int N)[] shapes = [(1, 1), (3, 33), (37, 31), (66, 131), (131, 77), (29, 997)];
        for (int i = 0; i < shapes.Length; i++)
        {
            int seed = (((bits * 5) + taps) * shapes.Length) + i;
            WeightCase c = new()
            {
                Rows = shapes[i].K,
                Columns = shapes[i].N,
                Bits = bits,
                Taps = taps,
                HasRowScale = i % 2 == 0,
                Seed = seed,
            };
            foreach (int rows in (int[])[1, 1 + (seed % 17)])
            {
                ProductRun.Check(c, rows, Types[seed % Types.Length], hasBias: i % 3 != 0);
            }
        }
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 1)]
    [InlineData(5, 3)]
    [InlineData(6, 1)]
    [InlineData(8, 1)]
    public void Codes_OfManyItemsAndRows_MatchTheOracle(int bits, int taps)
    {
        WeightCase c = new() { Rows = 521, Columns = 650, Bits = bits, Taps = taps, Seed = bits };
        InterpretedDriver driver = new() { Multiprocessors = 6 };
        ProductRun.Check(c, 1, ElementType.Float32, driver);
        ProductRun.Check(c, 8, ElementType.Float16, driver);
        ProductRun.Check(c with { Rows = 130, Columns = 140 }, 70, ElementType.BFloat16, driver);
        string[] kernels = [.. driver.Launches.Select(launch => launch.Kernel).Distinct()];
        Assert.Contains($"Kernel_LookUp{bits}", kernels);
        ProductRun.Check(c with { Columns = 100 }, 1, ElementType.Float32, driver);
        Assert.Equal(bits < 8, driver.Launches.Any(launch => launch.Kernel == $"Kernel_Narrow{bits}"));
        Assert.Contains($"Kernel_TileFew{bits}", kernels);
        Assert.Contains($"Kernel_TileMany{bits}", kernels);
    }

    [Fact]
    public void Bands_MatchTheOracle()
    {
        int[][] bands = [[6, 5, 4, 3, 2], [4], [2, 2, 3], [8, 3], [3, 3, 3, 3, 3, 3]];
        int[] widths = [8, 24, 64, 72, 128];
        for (int i = 0; i < 25; i++)
        {
            WeightCase c = new()
            {
                Rows = 5 + (i * 13 % 90),
                Columns = 7 + (i * 29 % 200),
                Bands = bands[i % bands.Length],
                Taps = 1 + (i % Codebook.MaxTaps),
                GroupWidth = widths[i / bands.Length],
                HasLogScales = i % 2 == 0,
                Sparse = i % 4 == 0 ? 40 : 0,
                Seed = i,
            };
            ProductRun.Check(c, 1, Types[i % Types.Length]);
            ProductRun.Check(c, 2 + (i % 16), Types[i % Types.Length]);
        }
    }

    [Fact]
    public void Metrics_AreDecodedOnceAndMatchTheOracle()
    {
        foreach (string metric in MetricKinds.All.Where(kind => kind != MetricKinds.None))
        {
            WeightCase c = new() { Rows = 45, Columns = 70, Bits = 4, Metric = metric, Heads = 1 };
            ProductRun.Check(c, 1, ElementType.Float32);
            ProductRun.Check(c, 5, ElementType.Float32);
            ProductRun.Check(c with { Bits = 0, Sparse = 30 }, 17, ElementType.Float32);
        }
    }

    [Fact]
    public void AnythingThatTheFormatAllows_MatchesTheOracle()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            WeightCase c = WeightGenerator.Draw(seed);
            c = c with { Rows = Math.Min(c.Rows, 150), Columns = Math.Min(c.Columns, 200) };
            ProductRun.Check(c, 1 + (seed % 17), Types[seed % Types.Length]);
        }
    }

    [Fact]
    public void EntropyCodedCodes_MatchTheOracle() =>
        ProductRun.Check(LevelCase.Draw(60, 90, 3, 4).Weight(), 3, 2, ElementType.Float32);

    [Fact]
    public void NoRows_DoNothing()
    {
        InterpretedDriver driver = new();
        using CudaProduct product = CudaProduct.Create(WeightGenerator.Create(new WeightCase { Bits = 4 }), null);
        product.Run(driver, InterpretedDriver.Stream(0), 0, 0, 0, ElementType.Float32);
        Assert.Empty(driver.Launches);
    }
}
