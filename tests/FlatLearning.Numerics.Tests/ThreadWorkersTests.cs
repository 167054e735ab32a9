namespace FlatLearning.Numerics.Tests;

public sealed unsafe class ThreadWorkersTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 7)]
    [InlineData(3, 1)]
    [InlineData(3, 1000)]
    public void For_AnyNumberOfItems_DoesEachOnce(int threads, int items)
    {
        int[] counts = new int[items + 1];
        fixed (int* pointer = counts)
        {
            Counting work = new() { Counts = pointer };
            new ThreadWorkers(threads).For(ref work, items);
        }

        Assert.Equal([.. Enumerable.Repeat(1, items), 0], counts);
    }

    [Fact]
    public void For_OneThread_StaysOnTheCallingThread()
    {
        int[] threads = new int[50];
        fixed (int* pointer = threads)
        {
            Naming work = new() { Threads = pointer };
            ThreadWorkers.Single.For(ref work, threads.Length);
        }

        Assert.All(threads, thread => Assert.Equal(Environment.CurrentManagedThreadId, thread));
    }

    private struct Counting : IParallelWork
    {
        public int* Counts;

        public readonly void Execute(int item) => Interlocked.Increment(ref Counts[item]);
    }

    private struct Naming : IParallelWork
    {
        public int* Threads;

        public readonly void Execute(int item) => Threads[item] = Environment.CurrentManagedThreadId;
    }
}
