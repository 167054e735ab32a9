using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn;

namespace FlatLearning.CustomOps.Tests;

public sealed class CodeTests
{
    /// <summary>
    /// Every case throws where an element is further from the double-precision product than K roundings of float32
    /// allow.
    /// </summary>
    [Theory]
    [InlineData("avx2", null)]
    [InlineData(null, null)]
    [InlineData("avx2", "0")]
    [InlineData(null, "0")]
    public void Compute_CodesOfEveryWidth_AgreesWithReference(string? variant, string? kept) => Assert.Equal(
        $"{CodeCases.Bits.Length * Codebook.MaxTaps * CodeCases.Shapes.Length * CodeCases.Batches.Length}",
        ChildProcess.RunKeeping(kept, variant, "codes"));

    [Theory]
    [InlineData("avx2", null)]
    [InlineData(null, null)]
    [InlineData("avx2", "0")]
    [InlineData(null, "0")]
    public void Compute_BandsOfSeveralWidths_AgreesWithReference(string? variant, string? kept) => Assert.Equal(
        $"{BandCases.Count}",
        ChildProcess.RunKeeping(kept, variant, "bands"));

    [Theory]
    [InlineData("avx2")]
    [InlineData(null)]
    public void Compute_ManyRowsOfNarrowWeights_AgreesWithReference(string? variant) =>
        Assert.Equal("32", ChildProcess.RunKeeping("0", variant, "many"));

    [Theory]
    [InlineData("avx2", null)]
    [InlineData(null, null)]
    [InlineData("avx2", "0")]
    public void Compute_EveryKernelOnAnyNumberOfThreads_GivesTheSameBits(string? variant, string? kept) =>
        Assert.Equal("36", ChildProcess.RunKeeping(kept, variant, "identical"));

    [Theory]
    [InlineData("avx2")]
    [InlineData(null)]
    public void Compute_SparseElements_AgreesWithReference(string? variant) =>
        Assert.Equal("144", ChildProcess.RunWith(variant, "sparse"));

    [Theory]
    [InlineData("avx2")]
    [InlineData(null)]
    public void Compute_AfterWarmingUp_AllocatesNothing(string? variant)
    {
        bool sibling = variant is null && OperatingSystem.IsLinux() && Avx512DQ.VL.IsSupported;
        Assert.Equal(
            "0",
            ChildProcess.RunWith(variant, "allocations", sibling ? NativeHost.SiblingPath : NativeHost.LibraryPath));
    }
}
