using System.Runtime.CompilerServices;

namespace FlatLearning.Numerics;

/// <summary>Ways to ask workers.</summary>
public static unsafe class WorkersExtensions
{
    /// <summary>
    /// Does all items of some work and returns when all are done. Nothing is allocated, and calls of items are direct.
    /// </summary>
    /// <typeparam name="T">The work; a struct on the caller's stack.</typeparam>
    /// <param name="workers">Who does it.</param>
    /// <param name="work">Shared by all items.</param>
    /// <param name="items">How many there are; 0 or more.</param>
    public static void For<T>(this IWorkers workers, ref T work, int items)
        where T : struct, IParallelWork
    {
        ArgumentNullException.ThrowIfNull(workers);
        if (items > 1)
        {
            workers.Run(Unsafe.AsPointer(ref work), &Execute<T>, items);
        }
        else if (items == 1)
        {
            work.Execute(0);
        }
    }

    /// <summary>Calls a delegate once for every item, in any order, and returns when all are done.</summary>
    /// <param name="workers">Who does it.</param>
    /// <param name="items">How many there are; 0 or more.</param>
    /// <param name="body">Does one item.</param>
    public static void For(this IWorkers workers, int items, Action<int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        ActionWork work = new(body);
        workers.For(ref work, items);
    }

    /// <summary>
    /// The same with room to work in, which is made as often as items run at the same time. An item must not depend on
    /// what an earlier one left there.
    /// </summary>
    /// <typeparam name="TScratch">The room; disposed of at the end where it can be.</typeparam>
    /// <param name="workers">Who does it.</param>
    /// <param name="items">How many there are; 0 or more.</param>
    /// <param name="create">Makes room.</param>
    /// <param name="body">Does one item.</param>
    public static void For<TScratch>(
        this IWorkers workers, int items, Func<TScratch> create, Action<int, TScratch> body)
        where TScratch : class
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(body);
        using ScratchPool<TScratch> pool = new(create);
        workers.For(items, pool, body);
    }

    /// <summary>The same with room that stays for the next call.</summary>
    /// <typeparam name="TScratch">The room.</typeparam>
    /// <param name="workers">Who does it.</param>
    /// <param name="items">How many there are; 0 or more.</param>
    /// <param name="pool">Has the room.</param>
    /// <param name="body">Does one item.</param>
    public static void For<TScratch>(
        this IWorkers workers, int items, ScratchPool<TScratch> pool, Action<int, TScratch> body)
        where TScratch : class
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(body);
        workers.For(items, item => pool.With(scratch => body(item, scratch)));
    }

    /// <summary>
    /// Calls a delegate for the ranges that a number of things is cut into. Where the cuts are depends on the numbers
    /// alone.
    /// </summary>
    /// <param name="workers">Who does it.</param>
    /// <param name="count">How many things; 0 or more.</param>
    /// <param name="length">Things of a range, but the last, which may have fewer; 1 or more.</param>
    /// <param name="body">Gets the first thing of a range and the one after its last.</param>
    public static void ForRanges(this IWorkers workers, int count, int length, Action<int, int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        workers.For(
            (int)(((long)count + length - 1) / length),
            item => body(item * length, (int)Math.Min(count, ((long)item + 1) * length)));
    }

    private static void Execute<T>(void* work, int item)
        where T : struct, IParallelWork =>
        Unsafe.AsRef<T>(work).Execute(item);
}
