using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using FlatLearning.CustomOps.Api;
using FlatLearning.Dyn;
using FlatLearning.Numerics;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// One call of a kernel: its inputs, its output, and the host's threads for as long as it lasts. There is one object
/// for each thread that the host computes on, made by its first call; nothing else here allocates managed memory unless
/// it throws.
/// </summary>
internal sealed unsafe class KernelContext : IWorkers
{
    [ThreadStatic]
    private static KernelContext? _ofThisThread;

    private OrtApi _api;
    private nint _context;

    /// <summary>This thread's object, for a call of the host.</summary>
    /// <param name="api">The host.</param>
    /// <param name="context">The host's <c>OrtKernelContext*</c>.</param>
    public static KernelContext Of(OrtApi api, nint context)
    {
        KernelContext call = _ofThisThread ??= new KernelContext();
        (call._api, call._context) = (api, context);
        return call;
    }

    /// <summary>The input at a position; its shape lies in the room given for it.</summary>
    /// <exception cref="DynFormatException">The input is absent.</exception>
    public Tensor Input(int position, Span<long> room)
    {
        nint value;
        _api.Check(_api.Functions->KernelContextGetInput(_context, (nuint)position, &value));
        return value == 0
            ? throw new DynFormatException($"input {position} has no value")
            : Tensor.Read(_api, value, room);
    }

    /// <summary>The GPU's stream that the call belongs to; another one from call to call.</summary>
    public nint Stream()
    {
        nint stream;
        _api.Check(_api.Functions->KernelContextGetGPUComputeStream(_context, &stream));
        return stream;
    }

    /// <summary>Allocates the output in the host's memory and returns its first byte.</summary>
    public nint AllocateOutput(ReadOnlySpan<long> shape)
    {
        nint value;
        nint data;
        fixed (long* dimensions = shape)
        {
            _api.Check(
                _api.Functions->KernelContextGetOutput(_context, 0, dimensions, (nuint)shape.Length, &value));
        }

        _api.Check(_api.Functions->GetTensorMutableData(value, &data));
        return data;
    }

    /// <inheritdoc/>
    public void Run(void* work, delegate*<void*, int, void> execute, int items)
    {
        Job job = new() { Work = work, Execute = execute };

        // Zero batches: the host hands out item by item, so that uneven items balance.
        _api.Check(
            _api.Functions->KernelContextParallelFor(
                _context, &Invoke, (nuint)items, 0, Unsafe.AsPointer(ref job)));
        job.Failure?.Throw();
    }

    // No exception may pass through the host's frames: the first one is kept for the thread that called.
    [UnmanagedCallersOnly]
    private static void Invoke(void* job, nuint item)
    {
        ref Job self = ref Unsafe.AsRef<Job>(job);
        try
        {
            self.Execute(self.Work, (int)item);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref self.Failure, ExceptionDispatchInfo.Capture(e), null);
        }
    }

    private struct Job
    {
        public void* Work;
        public delegate*<void*, int, void> Execute;
        public ExceptionDispatchInfo? Failure;
    }
}
