using FlatLearning.Testing;

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
        int own = Environment.CurrentManagedThreadId;
        foreach (IWorkers workers in (IWorkers[])[ThreadWorkers.Single, new ThreadWorkers(1)])
        {
            workers.For(50, _ => Assert.Equal(own, Environment.CurrentManagedThreadId));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void For_WorkInsideOfWork_NeverUsesMoreThreads(int threads)
    {
        ThreadWorkers workers = new(threads);
        (int now, int most, int done) = (0, 0, 0);
        workers.For(8, _ => workers.For(20, _ =>
        {
            int running = Interlocked.Increment(ref now);
            for (int seen = most; running > seen; seen = most)
            {
                _ = Interlocked.CompareExchange(ref most, running, seen);
            }

            Thread.Sleep(1);
            Interlocked.Decrement(ref now);
            Interlocked.Increment(ref done);
        }));
        Assert.Equal(160, done);
        Assert.InRange(most, 1, threads);
    }

    /// <summary>A thread that has nothing left to do outside joins the work inside of the last item.</summary>
    [Fact]
    public void For_LastItemHasWorkOfItsOwn_OtherThreadsJoinIt()
    {
        ThreadWorkers workers = new(2);
        using Barrier both = new(2);
        workers.For(2, outer =>
        {
            if (outer == 0)
            {
                // Passes only when two threads are in here together.
                workers.For(2, _ => Assert.True(both.SignalAndWait(TimeSpan.FromMinutes(1))));
            }
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void For_ItemsThrow_ThrowsWhatTheFirstDidWhenAllHaveEnded(int threads)
    {
        int running = 0;
        FormatException error = Assert.Throws<FormatException>(() => new ThreadWorkers(threads).For(100, item =>
        {
            Interlocked.Increment(ref running);
            try
            {
                Thread.Sleep(1);
                throw new FormatException($"{item}");
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }));
        Assert.Equal("0", error.Message);
        Assert.Equal(0, running);
    }

    [Fact]
    public void For_Scratch_IsNeverShared()
    {
        int made = 0;
        int disposed = 0;
        new ThreadWorkers(4).For(
            200,
            () =>
            {
                Interlocked.Increment(ref made);
                return new Scratch(() => Interlocked.Increment(ref disposed));
            },
            (_, scratch) =>
            {
                Assert.Equal(1, Interlocked.Increment(ref scratch.Users));
                Thread.Yield();
                Assert.Equal(0, Interlocked.Decrement(ref scratch.Users));
            });
        Assert.InRange(made, 1, 4);
        Assert.Equal(made, disposed);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 5)]
    [InlineData(10, 5)]
    [InlineData(11, 5)]
    public void ForRanges_AnyCount_CoversEachOnce(int count, int length)
    {
        int[] counts = new int[count];
        new ThreadWorkers(3).ForRanges(count, length, (begin, end) =>
        {
            Assert.InRange(end - begin, 1, length);
            for (int i = begin; i < end; i++)
            {
                Interlocked.Increment(ref counts[i]);
            }
        });
        Assert.All(counts, one => Assert.Equal(1, one));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void ForWithin_Limit_IsKeptAndEveryItemDone(int threads)
    {
        long[] sizes = [50, 9, 9, 9, 5, 5, 5, 1, 1, 1, 1];
        (long now, long most) = (0, 0);
        int[] counts = new int[sizes.Length];
        ThreadWorkers workers = new(threads);
        workers.ForWithin(sizes, 18, item =>
        {
            long size = Interlocked.Add(ref now, sizes[item]);
            for (long seen = most; item > 0 && size > seen; seen = most)
            {
                _ = Interlocked.CompareExchange(ref most, size, seen);
            }

            workers.For(3, _ => Thread.Sleep(1));
            Interlocked.Increment(ref counts[item]);
            Interlocked.Add(ref now, -sizes[item]);
        });
        Assert.All(counts, one => Assert.Equal(1, one));
        Assert.InRange(most, 1, 18);
    }

    [Fact]
    public void ThreadWatch_OtherThreads_AreSeen()
    {
        using Barrier both = new(2);
        Assert.NotEmpty(ThreadWatch.OtherThreads(
            () => Parallel.Invoke(() => both.SignalAndWait(), () => both.SignalAndWait())));
        Assert.Empty(ThreadWatch.OtherThreads(() => { }));
    }

    private sealed class Scratch(Action disposed) : IDisposable
    {
        public int Users;

        public void Dispose() => disposed();
    }

    private struct Counting : IParallelWork
    {
        public int* Counts;

        public readonly void Execute(int item) => Interlocked.Increment(ref Counts[item]);
    }
}
