namespace FlatLearning.Numerics;

/// <summary>
/// Items of sizes, of which those begun and not done have no more than a limit together, but that one is always begun.
/// </summary>
internal sealed unsafe class SizedJob(
    void* work, delegate*<void*, int, void> execute, IReadOnlyList<long> sizes, long limit)
    : WorkersJob(work, execute, sizes.Count)
{
    private readonly Lock _claiming = new();
    private int _begun;
    private int _running;
    private long _inFlight;

    /// <inheritdoc/>
    public override bool HasItem
    {
        get
        {
            lock (_claiming)
            {
                return base.HasItem && HasRoom;
            }
        }
    }

    private bool HasRoom => _begun < Items && (_running == 0 || _inFlight + sizes[_begun] <= limit);

    /// <inheritdoc/>
    public override int Claim()
    {
        lock (_claiming)
        {
            int item = HasRoom ? base.Claim() : -1;
            if (item >= 0)
            {
                _begun = item + 1;
                _running++;
                _inFlight += sizes[item];
            }

            return item;
        }
    }

    /// <inheritdoc/>
    protected override void Completed(int item)
    {
        lock (_claiming)
        {
            _running--;
            _inFlight -= sizes[item];
        }
    }
}
