using System.Runtime.CompilerServices;

namespace FlatLearning.Numerics;

/// <summary>
/// At most so many threads, the caller's and those of .NET's pool. An item may itself call <see cref="Run"/>: what it
/// asks for is shared out among the same threads, so that those with nothing left to do outside join in there.
/// </summary>
public sealed unsafe class ThreadWorkers : IWorkers
{
    private readonly int _threads;
    private readonly object _gate = new();
    private readonly Helper _helper;

    // The oldest first: outer work comes before the work inside of it.
    private readonly List<WorkersJob> _jobs = [];
    private int _idle;

    /// <summary>Any number of these may exist; each counts its own threads.</summary>
    /// <param name="threads">1 or more; 1 stays on the calling thread.</param>
    public ThreadWorkers(int threads)
    {
        _threads = Math.Max(1, threads);
        _idle = _threads - 1;
        _helper = new Helper(this);
    }

    /// <summary>The calling thread alone.</summary>
    public static IWorkers Single { get; } = new CallingThread();

    /// <inheritdoc/>
    public void Run(void* work, delegate*<void*, int, void> execute, int items)
    {
        if (_threads == 1 || items <= 1)
        {
            Single.Run(work, execute, items);
            return;
        }

        Finish(new WorkersJob(work, execute, items), items - 1);
    }

    /// <summary>
    /// Does items that need memory: those begun and not done have no more than a limit of it together, but that one is
    /// always begun. Items begin in order. While an item has to wait, its thread helps with what the others do.
    /// </summary>
    /// <param name="sizes">The size of every item.</param>
    /// <param name="limit">The most at a time, in the unit of the sizes.</param>
    /// <param name="body">Does one item.</param>
    public void ForWithin(IReadOnlyList<long> sizes, long limit, Action<int> body)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        ArgumentNullException.ThrowIfNull(body);
        ActionWork work = new(body);
        void* pointer = Unsafe.AsPointer(ref work);
        if (_threads == 1 || sizes.Count <= 1)
        {
            Single.Run(pointer, &ActionWork.Execute, sizes.Count);
            return;
        }

        Finish(new SizedJob(pointer, &ActionWork.Execute, sizes, limit), sizes.Count - 1);
    }

    private void Finish(WorkersJob job, int helpers)
    {
        lock (_gate)
        {
            _jobs.Add(job);
            Call(helpers);
            Monitor.PulseAll(_gate);
        }

        WorkOn(job);
        SpinWait spin = default;
        while (!job.IsDone && !spin.NextSpinWillYield)
        {
            spin.SpinOnce();
        }

        lock (_gate)
        {
            while (!job.IsDone)
            {
                // Only the outermost caller takes on work of others: an item must not wait for another one.
                if (job is SizedJob && Next() is { } other)
                {
                    Monitor.Exit(_gate);
                    WorkOn(other);
                    Monitor.Enter(_gate);
                }
                else
                {
                    Monitor.Wait(_gate);
                }
            }

            _jobs.Remove(job);
        }

        job.ThrowIfFailed();
    }

    private void Help()
    {
        lock (_gate)
        {
            while (Next() is { } job)
            {
                Monitor.Exit(_gate);
                WorkOn(job);
                Monitor.Enter(_gate);
            }

            _idle++;
        }
    }

    private void Call(int helpers)
    {
        for (; helpers > 0 && _idle > 0; helpers--)
        {
            _idle--;
            ThreadPool.UnsafeQueueUserWorkItem(_helper, preferLocal: false);
        }
    }

    private WorkersJob? Next()
    {
        foreach (WorkersJob job in _jobs)
        {
            if (job.HasItem)
            {
                return job;
            }
        }

        return null;
    }

    private void WorkOn(WorkersJob job)
    {
        for (int item = job.Claim(); item >= 0; item = job.Claim())
        {
            if (job.Do(item) || job is SizedJob)
            {
                // Done, or there may be room for more than one.
                lock (_gate)
                {
                    Call(job is SizedJob ? _idle : 0);
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }

    private sealed class Helper(ThreadWorkers workers) : IThreadPoolWorkItem
    {
        public void Execute() => workers.Help();
    }

    private sealed class CallingThread : IWorkers
    {
        public void Run(void* work, delegate*<void*, int, void> execute, int items)
        {
            for (int item = 0; item < items; item++)
            {
                execute(work, item);
            }
        }
    }
}
