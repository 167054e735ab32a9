using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Tests.Support;

/// <summary>The calling thread, last item first: what depends on the order of items shows.</summary>
internal sealed unsafe class ReverseWorkers : IWorkers
{
    public static ReverseWorkers Instance { get; } = new();

    public void Run(void* work, delegate*<void*, int, void> execute, int items)
    {
        for (int item = items - 1; item >= 0; item--)
        {
            execute(work, item);
        }
    }
}
