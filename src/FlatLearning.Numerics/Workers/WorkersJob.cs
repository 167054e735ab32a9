using System.Runtime.ExceptionServices;

namespace FlatLearning.Numerics;

/// <summary>One call of <see cref="ThreadWorkers"/>: which items are begun and done.</summary>
internal unsafe class WorkersJob(void* work, delegate*<void*, int, void> execute, int items)
{
    private readonly Lock _failing = new();
    private int _next;
    private int _left = items;
    private int _failedItem;
    private ExceptionDispatchInfo? _failure;

    protected int Items { get; } = items;

    /// <summary>Nothing runs, and nothing is left to begin.</summary>
    public bool IsDone => Volatile.Read(ref _left) == 0;

    /// <summary>Whether an item can be begun now; it may be gone when it is asked for.</summary>
    public virtual bool HasItem => Volatile.Read(ref _next) < Items;

    /// <summary>Begins the next item.</summary>
    /// <returns>Its number, or -1.</returns>
    public virtual int Claim()
    {
        int item = HasItem ? Interlocked.Increment(ref _next) - 1 : Items;
        return item < Items ? item : -1;
    }

    /// <summary>Does an item that was begun. True where it was the last one.</summary>
    public bool Do(int item)
    {
        int done = 1;
        try
        {
            execute(work, item);
        }
        catch (Exception exception)
        {
            done += Fail(item, exception);
        }

        Completed(item);
        return Interlocked.Add(ref _left, -done) == 0;
    }

    /// <summary>Throws what the first of the items that failed threw.</summary>
    public void ThrowIfFailed() => _failure?.Throw();

    protected virtual void Completed(int item)
    {
    }

    /// <summary>
    /// Keeps an exception and sees to it that no further item begins. Returns how many then never do.
    /// </summary>
    private int Fail(int item, Exception exception)
    {
        lock (_failing)
        {
            if (_failure is null || item < _failedItem)
            {
                (_failure, _failedItem) = (ExceptionDispatchInfo.Capture(exception), item);
            }
        }

        // Far from overflow, however many threads still ask.
        return Math.Max(0, Items - Interlocked.Exchange(ref _next, Items));
    }
}
