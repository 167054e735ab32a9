using System.Runtime.CompilerServices;

namespace FlatLearning.Numerics;

/// <summary>Work as a struct on the caller's stack: nothing is allocated, and calls of its items are direct.</summary>
public static unsafe class WorkersExtensions
{
    /// <summary>Does all items of some work and returns when all are done.</summary>
    /// <typeparam name="T">The work; a struct on the caller's stack.</typeparam>
    /// <param name="workers">Who does it.</param>
    /// <param name="work">Shared by all items.</param>
    /// <param name="items">How many there are; 0 or more.</param>
    public static void For<T>(this IWorkers workers, ref T work, int items)
        where T : struct, IParallelWork
    {
        if (items > 1)
        {
            workers.Run(Unsafe.AsPointer(ref work), &Execute<T>, items);
        }
        else if (items == 1)
        {
            work.Execute(0);
        }
    }

    private static void Execute<T>(void* work, int item)
        where T : struct, IParallelWork =>
        Unsafe.AsRef<T>(work).Execute(item);
}
