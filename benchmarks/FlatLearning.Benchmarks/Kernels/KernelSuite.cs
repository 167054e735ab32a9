using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Tests.Support;
using FlatLearning.Kernels;
using FlatLearning.Numerics;

namespace FlatLearning.Benchmarks.Kernels;

/// <summary>
/// One product of some rows and a 1,024 x 1,024 weight by one kernel of the catalogue, one thread, the weight in cache.
/// </summary>
public unsafe class KernelSuite
{
    private const int Width = 1024;

    private MatMulProduct? _product;
    private float* _x;
    private float* _y;

    /// <summary>The kernels.</summary>
    public static IEnumerable<string> Kernels { get; set; } = [];

    /// <summary>Rows of x.</summary>
    public static IEnumerable<int> RowCounts { get; set; } = [];

    /// <summary>Bits of codes of one width.</summary>
    public static int Bits { get; set; } = 4;

    /// <summary>Taps of the codebooks.</summary>
    public static int Taps { get; set; } = 1;

    /// <summary>One of <see cref="Kernels"/>.</summary>
    [ParamsSource(nameof(Kernels))]
    public string Kernel { get; set; } = string.Empty;

    /// <summary>One of <see cref="RowCounts"/>.</summary>
    [ParamsSource(nameof(RowCounts))]
    public int Rows { get; set; }

    /// <summary>Prepares the product.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        ElementType type = Kernel == "float64-tiles" ? ElementType.Float64 : ElementType.Float32;
        DynWeight weight = WeightGenerator.Create(CaseOf(Kernel));
        _product = MatMulProduct.Create(weight, null, new MatMulSettings { Type = type, Kernel = Kernel });

        // Room for float64, of which zeros are as good as any.
        nuint bytes = (nuint)(Rows * Width * sizeof(double));
        _x = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        _y = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(_x, bytes);
        Random random = new(Rows);
        for (int i = 0; i < Rows * Width && type == ElementType.Float32; i++)
        {
            _x[i] = (2 * random.NextSingle()) - 1;
        }
    }

    /// <summary>Multiplies.</summary>
    [Benchmark]
    public void Product() => _product!.Run(ThreadWorkers.Single, (nint)_x, (nint)_y, Rows);

    /// <summary>Frees the rows.</summary>
    [GlobalCleanup]
    public void Free()
    {
        NativeMemory.AlignedFree(_x);
        NativeMemory.AlignedFree(_y);
    }

    // A weight that the kernel is for.
    private static WeightCase CaseOf(string kernel)
    {
        WeightCase codes = new() { Rows = Width, Columns = Width, GroupWidth = 128, Bits = Bits, Taps = Taps };
        return kernel switch
        {
            "avx2-block-lut" => codes with { Bits = 2 },
            "avx512-mixed-lut" or "avx512-mixed-gemm" or "avx2-mixed-lut" or "avx2-mixed-gemm" =>
                codes with { Bits = 0, Bands = [6, 5, 4, 3, 2] },
            "dyn-l1-prefix-sums" => codes with { Bits = 0, Metric = MetricKinds.DynL1 },
            "low-rank-metric" => codes with
            {
                Bits = 0,
                Metric = MetricKinds.Riem,
                StateDim = 2,
                Shifts = 1,
                Width = 3,
                Spread = 1,
            },
            "sparse-add" => codes with { Sparse = 10_000 },
            _ => codes,
        };
    }
}
