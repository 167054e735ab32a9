using System.Runtime.CompilerServices;

namespace FlatLearning.Numerics;

/// <summary>A delegate as work.</summary>
internal readonly unsafe struct ActionWork(Action<int> body) : IParallelWork
{
    public void Execute(int item) => body(item);

    public static void Execute(void* work, int item) => Unsafe.AsRef<ActionWork>(work).Execute(item);
}
