namespace FlatLearning.Numerics;

/// <summary>
/// Threads that share out the items of a piece of work: a host's thread pool, those of a fit, or one. Numerics that
/// run in parallel take this and nothing else, so that whoever calls decides how many threads there are.
/// </summary>
public unsafe interface IWorkers
{
    /// <summary>
    /// Calls <paramref name="execute"/> once for every item from 0 to <paramref name="items"/> - 1, on this thread and
    /// others, in any order, and returns when all are done. Callers use
    /// <see cref="WorkersExtensions.For{T}(IWorkers, ref T, int)"/>.
    /// </summary>
    /// <param name="work">Passed on; must stay where it is until all items are done.</param>
    /// <param name="execute">Does one item.</param>
    /// <param name="items">0 or more.</param>
    void Run(void* work, delegate*<void*, int, void> execute, int items);
}
