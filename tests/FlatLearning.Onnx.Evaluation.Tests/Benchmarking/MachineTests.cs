using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlatLearning.Numerics.Lanes;
using FlatLearning.Onnx.Evaluation.Benchmarking;

namespace FlatLearning.Onnx.Evaluation.Tests.Benchmarking;

public sealed class MachineTests
{
    [Theory]
    [InlineData("32768K\n", 32L << 20)]
    [InlineData("2M", 2L << 20)]
    [InlineData("1G", 1L << 30)]
    [InlineData("512", 512)]
    [InlineData("", 0)]
    [InlineData("K", 0)]
    [InlineData("none", 0)]
    public void CacheSize_OfLinux_IsRead(string text, long expected) => Assert.Equal(expected, CacheSize.Parse(text));

    [Fact]
    public void CacheSize_OfThisMachine_IsThatOfAProcessor() =>
        Assert.InRange(CacheSize.LastLevel(), 64L << 10, 16L << 30);

    [Fact]
    public unsafe void StreamRead_EveryStep_TouchesEveryByte()
    {
        const int Steps = 3;
        ulong[] words = new ulong[Steps * StreamRead.Step / sizeof(ulong)];
        fixed (ulong* source = words)
        {
            for (int i = 0; i < words.Length; i++)
            {
                words[i] = 1;
                Assert.Equal(1, StreamRead.Sum((byte*)source, (nuint)MemoryMarshal.AsBytes<ulong>(words).Length));
                words[i] = 0;
            }
        }
    }

    [Fact]
    public void FusedChains_AnyWidth_ComputeWhatTheyAreCountedFor()
    {
        // v -> 0.999 v + 0.001 from 0.5 in twelve chains, in double. Each step rounds once, to at most 2^-24 of a
        // number below 1, and the steps' errors add up at most.
        const int Steps = 100;
        const double Chains = 12;
        const double Tolerance = Chains * (Steps + 1) / (1 << 24) * 2;
        double expected = 0.5;
        for (int step = 0; step < Steps; step++)
        {
            expected = ((double)0.999f * expected) + (double)0.001f;
        }

        Assert.Equal(Chains * expected, FusedChains<Vector512<float>, Lanes512>.Run(Steps), Tolerance);
        Assert.Equal(Chains * expected, FusedChains<Vector256<float>, Lanes256>.Run(Steps), Tolerance);
        Assert.Equal(Chains * expected, FusedChains<Vector128<float>, Lanes128>.Run(Steps), Tolerance);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Figures_OfThisMachine_AreThoseOfSomeMachine(int threads)
    {
        // From a tenth of the slowest to ten times the fastest that there is: a unit mistaken by 1000 does not pass.
        Assert.InRange(MachineProbe.Bandwidth(threads, 64L << 20), 1e8, 2e13);
        Assert.InRange(MachineProbe.Peak(threads), 1e8, 1e14);
    }
}
