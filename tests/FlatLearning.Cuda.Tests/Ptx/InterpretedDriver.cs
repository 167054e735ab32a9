using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using FlatLearning.Cuda.Driver;

namespace FlatLearning.Cuda.Tests.Ptx;

/// <summary>
/// A driver without a GPU: it runs the kernels' text. Arguments are read as the text declares them, so a block that
/// does not fit shows. Streams are the numbers 100 · (device + 1) and on; a kernel runs when it is queued.
/// </summary>
/// <param name="withHost">Whether kernels may use this process's memory.</param>
internal sealed unsafe class InterpretedDriver(bool withHost = false) : ICudaDriver
{
    private static readonly ConcurrentDictionary<string, PtxProgram> Programs = [];

    private readonly Lock _gate = new();
    private readonly ThreadLocal<Stack<nint>> _contexts = new(() => new Stack<nint>());
    private readonly List<PtxProgram> _modules = [];
    private readonly List<(string Kernel, nint Stream, long Instructions)> _launches = [];

    /// <summary>Devices.</summary>
    public int Devices { get; init; } = 1;

    /// <summary>Multiprocessors of each.</summary>
    public int Multiprocessors { get; init; } = 2;

    /// <summary>Compute capability, ten times.</summary>
    public int Capability { get; init; } = 90;

    /// <summary>Bytes that may be allocated.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;

    /// <summary>What loading a module gives.</summary>
    public CudaResult LoadResult { get; init; } = CudaResult.Success;

    /// <summary>Changes a kernel's text before it is loaded.</summary>
    public Func<string, string> Mutation { get; init; } = text => text;

    /// <summary>Memory of all devices.</summary>
    public PtxMemory Memory { get; } = new(withHost);

    /// <summary>What ran, in order.</summary>
    public IReadOnlyList<(string Kernel, nint Stream, long Instructions)> Launches => _launches;

    /// <summary>The depth of this thread's contexts.</summary>
    public int ContextDepth => _contexts.Value!.Count;

    /// <summary>A stream of a device.</summary>
    public static nint Stream(int device, int number = 0) => (100 * (device + 1)) + number;

    public CudaResult Init() => CudaResult.Success;

    public CudaResult DeviceGetCount(out int count)
    {
        count = Devices;
        return CudaResult.Success;
    }

    public CudaResult DeviceGetAttribute(out int value, CudaDeviceAttribute attribute, int device)
    {
        value = attribute switch
        {
            CudaDeviceAttribute.Multiprocessors => Multiprocessors,
            CudaDeviceAttribute.ComputeCapabilityMajor => Capability / 10,
            _ => Capability % 10,
        };
        return CudaResult.Success;
    }

    public CudaResult DeviceGetName(byte* name, int length, int device)
    {
        Encoding.UTF8.GetBytes($"Interpreter {device}\0", new Span<byte>(name, length));
        return CudaResult.Success;
    }

    public CudaResult DevicePrimaryCtxRetain(out nint context, int device)
    {
        context = device + 1;
        return device < Devices ? CudaResult.Success : CudaResult.NoDevice;
    }

    public CudaResult StreamGetCtx(nint stream, out nint context)
    {
        context = stream / 100;
        return context >= 1 && context <= Devices ? CudaResult.Success : CudaResult.InvalidContext;
    }

    public CudaResult CtxGetCurrent(out nint context)
    {
        context = _contexts.Value!.TryPeek(out nint top) ? top : 0;
        return CudaResult.Success;
    }

    public CudaResult CtxPushCurrent(nint context)
    {
        _contexts.Value!.Push(context);
        return CudaResult.Success;
    }

    public CudaResult CtxPopCurrent(out nint context)
    {
        context = _contexts.Value!.Pop();
        return CudaResult.Success;
    }

    public CudaResult CtxGetDevice(out int device)
    {
        device = (int)Current - 1;
        return device < 0 ? CudaResult.InvalidContext : CudaResult.Success;
    }

    public CudaResult ModuleLoadData(out nint module, byte* text)
    {
        string ptx = Mutation(Marshal.PtrToStringUTF8((nint)text)!);
        lock (_gate)
        {
            _modules.Add(Programs.GetOrAdd(ptx, key => new PtxProgram(key)));
            module = Current == 0 ? 0 : _modules.Count;
            return Current == 0 ? CudaResult.InvalidContext : LoadResult;
        }
    }

    public CudaResult ModuleGetFunction(out nint function, nint module, string name)
    {
        // A function belongs to its module's context.
        function = (module * 100) + Current;
        return _modules[(int)module - 1].Entry == name ? CudaResult.Success : CudaResult.NotFound;
    }

    public CudaResult MemAlloc(out ulong address, nuint bytes)
    {
        lock (_gate)
        {
            address = 0;
            if (Current == 0)
            {
                return CudaResult.InvalidContext;
            }

            if (Memory.Bytes + (long)bytes > MaxBytes)
            {
                return CudaResult.OutOfMemory;
            }

            address = Memory.Allocate((long)bytes);
            return CudaResult.Success;
        }
    }

    public CudaResult MemFree(ulong address)
    {
        lock (_gate)
        {
            return Current != 0 && Memory.Free(address) ? CudaResult.Success : CudaResult.InvalidValue;
        }
    }

    public CudaResult MemcpyHtoD(ulong to, void* from, nuint bytes)
    {
        if (Current == 0 || !Memory.TryGet(to, (int)bytes, out Span<byte> span))
        {
            return CudaResult.InvalidValue;
        }

        new ReadOnlySpan<byte>(from, (int)bytes).CopyTo(span);
        return CudaResult.Success;
    }

    public CudaResult MemcpyDtoH(void* to, ulong from, nuint bytes)
    {
        if (Current == 0 || !Memory.TryGet(from, (int)bytes, out Span<byte> span))
        {
            return CudaResult.InvalidValue;
        }

        span.CopyTo(new Span<byte>(to, (int)bytes));
        return CudaResult.Success;
    }

    public CudaResult LaunchKernel(nint function, int gridX, int gridY, int threads, nint stream, void** arguments)
    {
        // The context must be the stream's and the function's. Stream 0 is that of the current context.
        bool isHere = function % 100 == Current && (stream == 0 || stream / 100 == Current);
        if (!isHere || gridX < 1 || gridY is < 1 or > 65535)
        {
            return CudaResult.InvalidValue;
        }

        PtxProgram program = _modules[(int)(function / 100) - 1];
        byte[] block = new byte[program.ArgumentBytes];
        for (int i = 0; i < program.Arguments.Count; i++)
        {
            (int offset, int size) = program.Arguments[i];
            new ReadOnlySpan<byte>(arguments[i], size).CopyTo(block.AsSpan(offset));
        }

        lock (_gate)
        {
            long instructions = program.Launch(gridX, gridY, threads, block, Memory);
            _launches.Add((program.Entry, stream, instructions));
        }

        return CudaResult.Success;
    }

    private nint Current => _contexts.Value!.TryPeek(out nint top) ? top : 0;
}
