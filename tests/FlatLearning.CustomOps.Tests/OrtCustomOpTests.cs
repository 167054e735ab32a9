using System.Runtime.InteropServices;
using FlatLearning.CustomOps.Api;
using FlatLearning.Testing;

namespace FlatLearning.CustomOps.Tests;

public sealed class OrtCustomOpTests
{
    [Fact]
    public unsafe void Structure_Size_Is208Bytes() => Assert.Equal(208, sizeof(OrtCustomOp));

    [Theory]
    [InlineData(nameof(OrtCustomOp.Version), 0)]
    [InlineData(nameof(OrtCustomOp.CreateKernel), 8)]
    [InlineData(nameof(OrtCustomOp.GetInputType), 32)]
    [InlineData(nameof(OrtCustomOp.KernelDestroy), 72)]
    [InlineData(nameof(OrtCustomOp.GetInputMemoryType), 96)]
    [InlineData(nameof(OrtCustomOp.CreateKernelV2), 136)]
    [InlineData(nameof(OrtCustomOp.InferOutputShapeFn), 152)]
    [InlineData(nameof(OrtCustomOp.GetEndVersion), 168)]
    [InlineData(nameof(OrtCustomOp.ReleaseAliasMap), 200)]
    public void Structure_Offset_IsThatOfTheHeader(string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf<OrtCustomOp>(field));

    [SharedFact]
    public void Structure_AgainstTheTable_HasEveryFieldAtItsOffset()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Shared!, "ort", "OrtCustomOp-offsets.txt"));
        int seen = 0;
        foreach (string line in lines.Where(l => l.StartsWith("OrtCustomOp.", StringComparison.Ordinal)))
        {
            string[] parts = line["OrtCustomOp.".Length..].Split(" @");
            string name = char.ToUpperInvariant(parts[0][0]) + parts[0][1..];
            Assert.Equal(int.Parse(parts[1]), (int)Marshal.OffsetOf<OrtCustomOp>(name));
            seen++;
        }

        Assert.Equal(26, seen);
    }
}
