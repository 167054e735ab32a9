using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace FlatLearning.OnnxRuntime;

/// <summary>
/// What the host's threads get: the address of the work on the caller's stack, a managed function that knows its type,
/// and room for the first exception, since none may pass through native frames.
/// </summary>
internal unsafe struct ParallelShim
{
    private void* _work;
    private delegate*<void*, int, void> _execute;
    private nint _failure;

    /// <summary>Prepares a call. The work must stay where it is until all items are done.</summary>
    public static ParallelShim For<T>(ref T work)
        where T : struct, IParallelWork
    {
        return new ParallelShim { _work = Unsafe.AsPointer(ref work), _execute = &Execute<T> };
    }

    [UnmanagedCallersOnly]
    public static void Invoke(void* shim, nuint item)
    {
        ParallelShim* self = (ParallelShim*)shim;
        try
        {
            self->_execute(self->_work, (int)item);
        }
        catch (Exception e)
        {
            nint handle = GCHandle.ToIntPtr(GCHandle.Alloc(e));
            if (Interlocked.CompareExchange(ref self->_failure, handle, 0) != 0)
            {
                GCHandle.FromIntPtr(handle).Free();
            }
        }
    }

    /// <summary>Throws the first exception of the items, if there was one.</summary>
    public readonly void Rethrow()
    {
        if (_failure != 0)
        {
            GCHandle handle = GCHandle.FromIntPtr(_failure);
            Exception e = (Exception)handle.Target!;
            handle.Free();
            ExceptionDispatchInfo.Throw(e);
        }
    }

    private static void Execute<T>(void* work, int item)
        where T : struct, IParallelWork
    {
        Unsafe.AsRef<T>(work).Execute(item);
    }
}
