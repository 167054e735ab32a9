using FlatLearning.Dyn;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Tests;

/// <summary>What the catalogue chooses, and that all of it together is right.</summary>
public sealed class PlanTests
{
    private const int Drawn = 300;

    private static readonly WeightCase Codes =
        new() { Rows = 1024, Columns = 1024, GroupWidth = 128, Bits = 4, Taps = 1 };

    [Fact]
    public void Run_DrawnWeights_AgreesWithReference() => CheckDrawn(Drawn);

    [InstructionSetFact(InstructionSets.Avx512)]
    public void Plan_OfCodesWithAvx512_LooksUpThenFusesThenDequantises()
    {
        Assert.Equal(
            ["avx512-permute-lut 1", "avx512-fused-dequant 24", "avx512-dequant-gemm"], PlanOf(Codes));
        Assert.Equal(
            ["avx512-permute-lut 10", "avx512-fused-dequant 18", "avx512-dequant-gemm"],
            PlanOf(Codes with { Taps = 3 }));
        Assert.Equal(
            ["avx512-block-lut 1", "avx512-fused-dequant 24", "avx512-dequant-gemm"],
            PlanOf(Codes with { GroupWidth = 56 }));
        Assert.Equal(["avx512-fused-dequant 3", "avx512-dequant-gemm"], PlanOf(Codes with { Bits = 8 }));
        Assert.Equal(["tile-gemm"], PlanOf(Codes with { IsWindow = true, Taps = 2 }));
        Assert.Equal(
            ["avx512-int16-lut 3", "avx512-fused-dequant 24", "avx512-dequant-gemm"],
            PlanOf(Codes, new MatMulSettings { Activations = Activations.Int8 }));
        Assert.Equal(["avx512-mixed-lut 2", "avx512-mixed-gemm"], PlanOf(Codes with { Bits = 0, Bands = [5, 3] }));
    }

    [InstructionSetFact(InstructionSets.Avx512)]
    public void Plan_OfSmallWeightsWithAvx512_MultipliesCodesOfFewRows()
    {
        Assert.Equal(["cached-gemm"], PlanOf(Codes with { Rows = 128, Columns = 256 }));
        Assert.Equal(
            ["avx512-permute-lut 1", "avx512-fused-dequant 5", "cached-gemm"],
            PlanOf(Codes with { Rows = 128, Columns = 1024 }));
        Assert.Equal(
            ["avx512-permute-lut 1", "cached-gemm"], PlanOf(Codes with { Rows = 128, Columns = 1024, Taps = 2 }));
        Assert.Equal(["cached-gemm"], PlanOf(Codes with { Rows = 128, Columns = 1024, Bits = 6 }));
    }

    [Fact]
    public void Plan_OfTermsBesideCodes_TakesThemOutFirst()
    {
        WeightCase rough = new() { Rows = 600, Columns = 600, Metric = MetricKinds.DynL2, StateDim = 1 };
        Assert.Equal(["sparse-add"], PlanOf(Codes with { Sparse = 10 }));
        Assert.Equal(["cached-gemm"], PlanOf(Codes with { Rows = 30, Columns = 30, Sparse = 10 }));
        Assert.Equal(
            "dyn-l1-prefix-sums", PlanOf(Codes with { Metric = MetricKinds.DynL1, StateDim = 1 })[0].Split(' ')[0]);
        Assert.Equal("tile-gemm", PlanOf(Codes with { Metric = MetricKinds.DynL1, StateDim = 9, Heads = 4 })[^1]);
        Assert.Equal(
            ["tile-gemm"],
            PlanOf(rough));
        Assert.Equal(
            ["cached-gemm"],
            PlanOf(rough with { Rows = 500, Columns = 500 }));
        Assert.Equal(["float64-tiles"], PlanOf(Codes, new MatMulSettings { Type = ElementType.Float64 }));
        Assert.Equal(
            ["sparse-add"],
            PlanOf(Codes with { Rows = 30, Sparse = 3 }, new MatMulSettings { Type = ElementType.Float64 }));
    }

    [Fact]
    public void Plan_WithNothingKeptDecoded_HasNoCachedKernel()
    {
        WeightCase small = Codes with { Rows = 64, Columns = 64 };
        Assert.DoesNotContain("cached-gemm", PlanOf(small, new MatMulSettings { MaxCachedElements = 0 }));
        Assert.Contains("cached-gemm", PlanOf(small));
    }

    [Fact]
    public void Create_KernelByName_TakesItOrSaysWhyNot()
    {
        DynWeight weight = WeightGenerator.Create(Codes with { Rows = 20, Columns = 30 });
        MatMulSettings settings = new() { Kernel = "tile-gemm" };
        Assert.Equal([("tile-gemm", long.MaxValue)], MatMulProduct.Create(weight, null, settings).Kernels);
        ArgumentException unknown = Assert.Throws<ArgumentException>(
            () => MatMulProduct.Create(weight, null, settings with { Kernel = "fastest" }));
        Assert.Contains("There is no kernel 'fastest'", unknown.Message, StringComparison.Ordinal);
        ArgumentException unsuited = Assert.Throws<ArgumentException>(
            () => MatMulProduct.Create(weight, null, settings with { Kernel = "sparse-add" }));
        Assert.Contains(
            "'sparse-add' does not multiply such a weight", unsuited.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => MatMulProduct.Create(weight, new double[29], new MatMulSettings()));
    }

    [Fact]
    public unsafe void Run_NoRows_TouchesNothing()
    {
        DynWeight weight = WeightGenerator.Create(Codes with { Rows = 20, Columns = 30 });
        MatMulProduct.Create(weight, null, new MatMulSettings()).Run(ThreadWorkers.Single, 0, 0, 0);
    }

    /// <summary>Weights of every kind and all types of x, by whatever their plans say.</summary>
    internal static void CheckDrawn(int count)
    {
        ElementType[] types = Enum.GetValues<ElementType>();
        for (int seed = 0; seed < count; seed++)
        {
            DynWeight weight = WeightGenerator.Create(WeightGenerator.Draw(seed));
            ElementType type = types[seed % types.Length];
            double[] bias = [.. Enumerable.Range(0, weight.Columns).Select(n => (double)(float)Math.Cos(n))];
            MatMulProduct product = MatMulProduct.Create(
                weight, bias, new MatMulSettings { Type = type, MaxCachedElements = seed % 2 == 0 ? 0 : null });
            byte[] x = KernelCheck.Input(seed, type, 1 + (seed % 6), weight.Rows);
            byte[] y = KernelCheck.Multiply(product, ThreadWorkers.Single, x, type);
            _ = new ProductOracle(weight, bias).Check(Elements.ToDoubles(type, x), Elements.ToDoubles(type, y), type);
        }
    }

    private static string[] PlanOf(WeightCase c, MatMulSettings? settings = null) =>
    [
        .. MatMulProduct.Create(WeightGenerator.Create(c), null, settings ?? new MatMulSettings())
            .Kernels.Select(step => step.MaxRows == long.MaxValue ? step.Kernel : $"{step.Kernel} {step.MaxRows}"),
    ];
}
