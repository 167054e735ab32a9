using System.Reflection;
using FlatLearning.Dyn;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Tests;

/// <summary>Every kernel of the catalogue, forced by its name.</summary>
public sealed class KernelTests
{
    [Theory]
    [KernelData("sparse-add")]
    [KernelData("float64-tiles")]
    [KernelData("dyn-l1-prefix-sums")]
    [KernelData("low-rank-metric")]
    [KernelData("avx512-int16-lut")]
    [KernelData("avx512-permute-lut")]
    [KernelData("avx512-block-lut")]
    [KernelData("avx512-fused-dequant")]
    [KernelData("avx512-mixed-lut")]
    [KernelData("avx512-mixed-gemm")]
    [KernelData("avx2-fixed-lut")]
    [KernelData("avx2-shuffle-lut")]
    [KernelData("avx2-block-lut")]
    [KernelData("avx2-fixed-mixed-lut")]
    [KernelData("avx2-mixed-lut")]
    [KernelData("cached-gemm")]
    [KernelData("avx512-dequant-gemm")]
    [KernelData("avx2-dequant-gemm")]
    [KernelData("avx2-mixed-gemm")]
    [KernelData("tile-gemm")]
    public void Kernel_EveryLengthInGuardedMemory_AgreesWithReference(string kernel) =>
        KernelCheck.Run(kernel, KernelCases.Of(kernel), Slacks.Of(kernel));

    [Theory]
    [KernelData("sparse-add")]
    [KernelData("float64-tiles")]
    [KernelData("dyn-l1-prefix-sums")]
    [KernelData("low-rank-metric")]
    [KernelData("avx512-int16-lut")]
    [KernelData("avx512-permute-lut")]
    [KernelData("avx512-block-lut")]
    [KernelData("avx512-fused-dequant")]
    [KernelData("avx512-mixed-lut")]
    [KernelData("avx512-mixed-gemm")]
    [KernelData("avx2-fixed-lut")]
    [KernelData("avx2-shuffle-lut")]
    [KernelData("avx2-block-lut")]
    [KernelData("avx2-fixed-mixed-lut")]
    [KernelData("avx2-mixed-lut")]
    [KernelData("cached-gemm")]
    [KernelData("avx512-dequant-gemm")]
    [KernelData("avx2-dequant-gemm")]
    [KernelData("avx2-mixed-gemm")]
    [KernelData("tile-gemm")]
    public void Kernel_ItemsInAnyOrderOnAnyThreads_GivesTheSameBitsAndAllocatesNothing(string kernel)
    {
        ElementType type = kernel == "float64-tiles" ? ElementType.Float64 : ElementType.Float32;
        IWorkers[] others = [ReverseWorkers.Instance, new ThreadWorkers(2), new ThreadWorkers(5)];
        foreach (WeightCase c in KernelCases.Large(kernel))
        {
            DynWeight weight = WeightGenerator.Create(c);
            MatMulProduct product = MatMulProduct.Create(
                weight, null, new MatMulSettings { Type = type, Kernel = kernel });
            foreach (int rows in (int[])[1, 2, 5, 40])
            {
                byte[] x = KernelCheck.Input(rows, type, rows, weight.Rows);
                byte[] first = KernelCheck.Multiply(product, ThreadWorkers.Single, x, type);
                Assert.All(
                    others, workers => Assert.Equal(first, KernelCheck.Multiply(product, workers, x, type)));
                Assert.Equal(0, AllocatedBy(product, x, first, rows));
            }
        }
    }

    [Fact]
    public void Catalogue_EveryKernel_IsInEveryTheory()
    {
        foreach (MethodInfo theory in GetType().GetMethods())
        {
            string[] tested = [.. theory.GetCustomAttributes<KernelDataAttribute>().Select(data => data.Kernel)];
            Assert.True(tested.Length == 0 || tested.SequenceEqual(KernelCatalogue.Kernels.Select(info => info.Name)));
        }
    }

    // The least of several runs: the first prepares what is made once, and a collection that another test causes in
    // between counts what this thread had only reserved.
    private static unsafe long AllocatedBy(MatMulProduct product, byte[] x, byte[] y, int rows)
    {
        long allocated = long.MaxValue;
        fixed (byte* from = x, to = y)
        {
            for (int run = 0; run < 6; run++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                product.Run(ThreadWorkers.Single, (nint)from, (nint)to, rows);
                allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }

        return allocated;
    }
}
