using System.Collections.Concurrent;

namespace FlatLearning.Numerics;

/// <summary>
/// Room to work in, made as often as items need some at the same time and used again by later ones. An item must not
/// depend on what an earlier one left there.
/// </summary>
/// <typeparam name="T">The room; disposed of with the pool where it can be.</typeparam>
/// <param name="create">Makes room; on several threads at once.</param>
public sealed class ScratchPool<T>(Func<T> create) : IDisposable
    where T : class
{
    private readonly ConcurrentBag<T> _free = [];

    /// <summary>Calls a delegate with room that nobody else uses meanwhile.</summary>
    public void With(Action<T> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        T scratch = _free.TryTake(out T? free) ? free : create();
        try
        {
            body(scratch);
        }
        finally
        {
            _free.Add(scratch);
        }
    }

    /// <summary>Disposes of all room; none may be in use.</summary>
    public void Dispose()
    {
        while (_free.TryTake(out T? scratch))
        {
            (scratch as IDisposable)?.Dispose();
        }
    }
}
