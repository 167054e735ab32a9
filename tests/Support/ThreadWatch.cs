using System.Collections.Concurrent;

namespace FlatLearning.Testing;

/// <summary>
/// Sees every other thread that work started here runs on: a value that flows with the execution context arrives
/// there. What is started without its context is not seen.
/// </summary>
internal static class ThreadWatch
{
    /// <summary>The other threads that some work ran on.</summary>
    public static IReadOnlyCollection<int> OtherThreads(Action work)
    {
        ConcurrentDictionary<int, bool> threads = [];
        AsyncLocal<object?> value = new(change =>
        {
            if (change.CurrentValue is not null)
            {
                threads[Environment.CurrentManagedThreadId] = true;
            }
        });
        int own = Environment.CurrentManagedThreadId;
        value.Value = new object();
        work();
        value.Value = null;
        return [.. threads.Keys.Where(thread => thread != own)];
    }
}
