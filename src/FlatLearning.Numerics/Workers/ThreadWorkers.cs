namespace FlatLearning.Numerics;

/// <summary>At most so many threads of .NET's pool, the caller's among them.</summary>
/// <param name="threads">1 or more; 1 stays on the calling thread.</param>
public sealed unsafe class ThreadWorkers(int threads) : IWorkers
{
    private readonly ParallelOptions _options = new() { MaxDegreeOfParallelism = Math.Max(1, threads) };

    /// <summary>The calling thread alone.</summary>
    public static ThreadWorkers Single { get; } = new(1);

    /// <inheritdoc/>
    public void Run(void* work, delegate*<void*, int, void> execute, int items)
    {
        if (_options.MaxDegreeOfParallelism == 1 || items <= 1)
        {
            for (int item = 0; item < items; item++)
            {
                execute(work, item);
            }

            return;
        }

        Parallel.For(0, items, _options, item => execute(work, item));
    }
}
