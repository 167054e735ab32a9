using FlatLearning.Cuda.Tests.Ptx;
using FlatLearning.CudaBenchmark;

namespace FlatLearning.Cuda.Tests;

/// <summary>The check that the benchmark runs on a GPU, here on the interpreter.</summary>
public sealed class BenchmarkTests
{
    [Fact]
    public void Correctness_OfEveryKernel_IsSeen()
    {
        InterpretedDriver driver = new();
        CudaContext context = CudaContext.Of(driver, InterpretedDriver.Stream(0));
        using CudaContext.Scope scope = context.Enter();
        Assert.Equal(0, Correctness.Check(driver, context, InterpretedDriver.Stream(0), () => { }, 1, 9));
    }

    [Fact]
    public void Correctness_OfKernelsThatAreWrong_IsSeen()
    {
        // Row scales are added instead of multiplied.
        InterpretedDriver driver = new()
        {
            Mutation = text => text.Contains("Kernel_Prepare(", StringComparison.Ordinal)
                ? text.Replace("mul.f32", "add.f32", StringComparison.Ordinal)
                : text,
        };
        CudaContext context = CudaContext.Of(driver, InterpretedDriver.Stream(0));
        using CudaContext.Scope scope = context.Enter();
        Assert.True(Correctness.Check(driver, context, InterpretedDriver.Stream(0), () => { }, 1) > 20);
    }
}
