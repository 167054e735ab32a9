using FlatLearning.Benchmarks.Rates;

namespace FlatLearning.Benchmarks.Tests;

public class PeakMemoryTests
{
    [Fact]
    public void Stop_AfterAnAllocationThatWasDropped_StillCountsIt()
    {
        const int Size = 64 << 20;
        PeakMemory memory = new();
        byte[]? block = new byte[Size];
        block.AsSpan().Fill(1);
        Thread.Sleep(100);
        GC.KeepAlive(block);
        memory.Stop();
        Assert.InRange(memory.Managed, Size, 2L * Size);
        Assert.True(memory.Resident > 0.9 * Size, $"{memory.Resident} bytes");
    }
}
