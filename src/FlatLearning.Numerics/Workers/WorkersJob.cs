using System.Runtime.ExceptionServices;

namespace FlatLearning.Numerics;

/// <summary>One call of <see cref="ThreadWorkers"/>: which items are begun and done. Used under its lock.</summary>
internal sealed unsafe class WorkersJob(void* work, delegate*<void*, int, void> execute, int items)
{
    private int _next;
    private int _running;
    private long _inFlight;
    private int _failedItem;

    public int Items => items;

    /// <summary>The memory of every item, or null where it does not count.</summary>
    public IReadOnlyList<long>? Sizes { get; init; }

    public long Limit { get; init; }

    /// <summary>What the first of the items that failed threw.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>Nothing runs, and nothing is left or something failed.</summary>
    public bool IsDone => _running == 0 && (_next == items || Failure is not null);

    public bool TryClaim(out int item)
    {
        item = _next;
        if (_next == items || Failure is not null
            || (Sizes is not null && _running > 0 && _inFlight + Sizes[_next] > Limit))
        {
            return false;
        }

        _next++;
        _running++;
        _inFlight += Sizes?[item] ?? 0;
        return true;
    }

    /// <summary>Without the lock.</summary>
    public void Execute(int item) => execute(work, item);

    public void Complete(int item, Exception? failure)
    {
        _running--;
        _inFlight -= Sizes?[item] ?? 0;
        if (failure is not null && (Failure is null || item < _failedItem))
        {
            (Failure, _failedItem) = (ExceptionDispatchInfo.Capture(failure), item);
        }
    }
}
