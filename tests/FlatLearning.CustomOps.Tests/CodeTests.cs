using FlatLearning.Dyn;

namespace FlatLearning.CustomOps.Tests;

/// <summary>
/// The kernels as the native library has them, by each of its builds, in a process of their own. What they compute is
/// tested in FlatLearning.Kernels.Tests; here, that it is the same when compiled ahead of time. Cases throw where an
/// element is further from the double-precision product than K roundings of float32 allow.
/// </summary>
public sealed class CodeTests
{
    [Theory]
    [VariantData("avx2", null)]
    [VariantData("avx2", "0")]
    [VariantData("avx512", null)]
    [VariantData("avx512", "0")]
    public void Compute_EveryKernel_AgreesWithReference(string variant, string? kept) =>
        Assert.Equal($"{NativeCases.Count}", ChildProcess.RunKeeping(kept, variant, "kernels"));

    [Theory]
    [Trait("Set", "Long")]
    [VariantData("avx2", null)]
    [VariantData("avx2", "0")]
    [VariantData("avx512", null)]
    [VariantData("avx512", "0")]
    public void Compute_CodesOfEveryWidth_AgreesWithReference(string variant, string? kept) => Assert.Equal(
        $"{CodeCases.Bits.Length * Codebook.MaxTaps * CodeCases.Shapes.Length * CodeCases.Batches.Length}",
        ChildProcess.RunKeeping(kept, variant, "codes"));

    [Theory]
    [Trait("Set", "Long")]
    [VariantData("avx2", null)]
    [VariantData("avx2", "0")]
    [VariantData("avx512", null)]
    [VariantData("avx512", "0")]
    public void Compute_BandsOfSeveralWidths_AgreesWithReference(string variant, string? kept) => Assert.Equal(
        $"{BandCases.Count}",
        ChildProcess.RunKeeping(kept, variant, "bands"));

    [Theory]
    [Trait("Set", "Long")]
    [VariantData("avx2")]
    [VariantData("avx512")]
    public void Compute_ManyRowsOfNarrowWeights_AgreesWithReference(string variant) =>
        Assert.Equal("32", ChildProcess.RunKeeping("0", variant, "many"));

    [Theory]
    [VariantData("avx2", null)]
    [VariantData("avx2", "0")]
    [VariantData("avx512", null)]
    public void Compute_EveryKernelOnAnyNumberOfThreads_GivesTheSameBits(string variant, string? kept) =>
        Assert.Equal("36", ChildProcess.RunKeeping(kept, variant, "identical"));

    [Theory]
    [Trait("Set", "Long")]
    [VariantData("avx2")]
    [VariantData("avx512")]
    public void Compute_SparseElements_AgreesWithReference(string variant) =>
        Assert.Equal("144", ChildProcess.RunWith(variant, "sparse"));

    [Theory]
    [VariantData("avx2")]
    [VariantData("avx512")]
    public void Compute_AfterWarmingUp_AllocatesNothing(string variant) => Assert.Equal(
        "0",
        ChildProcess.RunWith(
            variant, "allocations", variant == "avx512" ? NativeHost.SiblingPath : NativeHost.LibraryPath));
}
