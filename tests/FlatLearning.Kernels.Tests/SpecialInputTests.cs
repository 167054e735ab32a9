using System.Runtime.InteropServices;
using FlatLearning.Dyn;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Tests;

/// <summary>Inputs that are no ordinary numbers, for kernels that make tables or whole numbers of them.</summary>
public sealed class SpecialInputTests
{
    private static readonly DynWeight Weight =
        WeightGenerator.Create(new WeightCase { Rows = 128, Columns = 128, Bits = 4 });

    [Theory]
    [KernelData("avx512-int16-lut")]
    [KernelData("avx512-permute-lut")]
    [KernelData("avx2-fixed-lut")]
    [KernelData("avx2-shuffle-lut")]
    [KernelData("avx512-fused-dequant")]
    [KernelData("cached-gemm")]
    public void Run_InputThatIsNotANumber_ReachesEveryColumn(string kernel)
    {
        float[] x = new float[Weight.Rows];
        x[77] = float.NaN;
        Assert.All(Multiply(kernel, x, null), value => Assert.True(float.IsNaN(value)));
    }

    [Theory]
    [KernelData("avx512-int16-lut")]
    [KernelData("avx512-permute-lut")]
    [KernelData("avx2-fixed-lut")]
    [KernelData("avx2-shuffle-lut")]
    [KernelData("avx512-fused-dequant")]
    [KernelData("cached-gemm")]
    public void Run_RowOfZeros_GivesTheBias(string kernel)
    {
        double[] bias = [.. Enumerable.Range(0, Weight.Columns).Select(n => n - 60.5)];
        Assert.Equal(
            Array.ConvertAll(bias, v => (float)v), Multiply(kernel, new float[Weight.Rows], bias));
    }

    private static float[] Multiply(string kernel, float[] x, double[]? bias)
    {
        MatMulProduct product = MatMulProduct.Create(Weight, bias, new MatMulSettings { Kernel = kernel });
        byte[] y = KernelCheck.Multiply(
            product, ThreadWorkers.Single, MemoryMarshal.AsBytes(x.AsSpan()).ToArray(), ElementType.Float32);
        return MemoryMarshal.Cast<byte, float>(y).ToArray();
    }
}
