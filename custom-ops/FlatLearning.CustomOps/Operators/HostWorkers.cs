using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using FlatLearning.CustomOps.Api;
using FlatLearning.Numerics;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// The host's threads for as long as one call of a kernel lasts. There is one object for each thread that the host
/// computes on, made by its first call, so that later calls allocate nothing.
/// </summary>
internal sealed unsafe class HostWorkers : IWorkers
{
    [ThreadStatic]
    private static HostWorkers? _ofThisThread;

    private OrtApi _api;
    private nint _context;

    /// <summary>This thread's object, for a call of the host.</summary>
    /// <param name="api">The host's function table.</param>
    /// <param name="context">The call.</param>
    public static HostWorkers For(OrtApi api, nint context)
    {
        HostWorkers workers = _ofThisThread ??= new HostWorkers();
        workers._api = api;
        workers._context = context;
        return workers;
    }

    /// <inheritdoc/>
    public void Run(void* work, delegate*<void*, int, void> execute, int items)
    {
        Call call = new() { Work = work, Execute = execute };

        // Zero batches: the host hands out item by item, so that uneven items balance.
        _api.Check(_api.Functions->KernelContextParallelFor(_context, &Invoke, (nuint)items, 0, &call));
        if (call.Failure != 0)
        {
            GCHandle handle = GCHandle.FromIntPtr(call.Failure);
            Exception e = (Exception)handle.Target!;
            handle.Free();
            ExceptionDispatchInfo.Throw(e);
        }
    }

    // No exception may pass through the host's frames: the first one is kept for the thread that called.
    [UnmanagedCallersOnly]
    private static void Invoke(void* call, nuint item)
    {
        Call* self = (Call*)call;
        try
        {
            self->Execute(self->Work, (int)item);
        }
        catch (Exception e)
        {
            nint handle = GCHandle.ToIntPtr(GCHandle.Alloc(e));
            if (Interlocked.CompareExchange(ref self->Failure, handle, 0) != 0)
            {
                GCHandle.FromIntPtr(handle).Free();
            }
        }
    }

    private struct Call
    {
        public void* Work;
        public delegate*<void*, int, void> Execute;
        public nint Failure;
    }
}
