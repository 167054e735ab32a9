using System.Runtime.InteropServices;
using FlatLearning.Cuda.Driver;

namespace FlatLearning.Cuda;

/// <summary>
/// What is shared in a context of the driver: kernels, each compiled by the driver when it is first used, and the
/// working memory of streams. Lives as long as the process. Methods that call the driver need the context to be current
/// (<see cref="Enter"/>).
/// </summary>
internal sealed unsafe class CudaContext
{
    /// <summary>The oldest compute capability that kernels run on, ten times.</summary>
    public const int OldestCapability = 75;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<(ICudaDriver Driver, nint Context), CudaContext> Known = [];

    private readonly Lock _gate = new();
    private readonly nint _handle;
    private readonly Dictionary<string, nint> _functions = [];
    private readonly Dictionary<nint, Workspace> _workspaces = [];

    private CudaContext(ICudaDriver driver, nint handle, int device)
    {
        (Driver, _handle) = (driver, handle);
        Products = new SharedProducts(this);
        Multiprocessors = Attribute(CudaDeviceAttribute.Multiprocessors);
        Capability = (10 * Attribute(CudaDeviceAttribute.ComputeCapabilityMajor))
            + Attribute(CudaDeviceAttribute.ComputeCapabilityMinor);
        byte* name = stackalloc byte[256];
        CudaException.Check(driver.DeviceGetName(name, 256, device), "to name the GPU");
        Name = Marshal.PtrToStringUTF8((nint)name) ?? string.Empty;
        if (Capability < OldestCapability)
        {
            throw new CudaException(
                $"the GPU {Name} has compute capability {Capability / 10}.{Capability % 10}, and 7.5 is needed");
        }

        int Attribute(CudaDeviceAttribute attribute)
        {
            CudaException.Check(driver.DeviceGetAttribute(out int value, attribute, device), "to describe the GPU");
            return value;
        }
    }

    /// <summary>The driver.</summary>
    public ICudaDriver Driver { get; }

    /// <summary>The weights in its memory.</summary>
    public SharedProducts Products { get; }

    /// <summary>The name of the device.</summary>
    public string Name { get; }

    /// <summary>Multiprocessors of the device.</summary>
    public int Multiprocessors { get; }

    /// <summary>Its compute capability, ten times.</summary>
    public int Capability { get; }

    /// <summary>The context that a stream belongs to.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="stream">The stream; 0 for the current context, or the first device's where there is none.</param>
    /// <exception cref="CudaException">There is no usable device.</exception>
    public static CudaContext Of(ICudaDriver driver, nint stream)
    {
        nint handle;
        if (stream != 0)
        {
            CudaException.Check(driver.StreamGetCtx(stream, out handle), "to find the context of a stream");
        }
        else
        {
            CudaException.Check(driver.CtxGetCurrent(out handle), "to find the current context");
        }

        lock (Gate)
        {
            if (handle == 0)
            {
                CudaException.Check(driver.DevicePrimaryCtxRetain(out handle, 0), "to open the first GPU");
            }

            if (!Known.TryGetValue((driver, handle), out CudaContext? context))
            {
                CudaException.Check(driver.CtxPushCurrent(handle), "to enter a context");
                try
                {
                    CudaException.Check(driver.CtxGetDevice(out int device), "to find the device of a context");
                    context = new CudaContext(driver, handle, device);
                }
                finally
                {
                    driver.CtxPopCurrent(out _);
                }

                Known.Add((driver, handle), context);
            }

            return context;
        }
    }

    /// <summary>Makes the context the thread's own until the result is disposed.</summary>
    public Scope Enter()
    {
        CudaException.Check(Driver.CtxPushCurrent(_handle), "to enter a context");
        return new Scope(Driver);
    }

    /// <summary>A kernel, compiled by the driver at the first call for it.</summary>
    public nint Function(string kernel)
    {
        lock (_gate)
        {
            if (!_functions.TryGetValue(kernel, out nint function))
            {
                fixed (byte* text = PtxText.Read(kernel))
                {
                    CudaException.Check(Driver.ModuleLoadData(out nint module, text), $"to load the kernel {kernel}");
                    CudaException.Check(
                        Driver.ModuleGetFunction(out function, module, PtxText.Entry(kernel)),
                        $"to find the kernel {kernel}");
                }

                _functions.Add(kernel, function);
            }

            return function;
        }
    }

    /// <summary>The working memory of a stream, whose kernels run one after the other.</summary>
    public Workspace WorkspaceOf(nint stream)
    {
        lock (_gate)
        {
            if (!_workspaces.TryGetValue(stream, out Workspace? workspace))
            {
                _workspaces.Add(stream, workspace = new Workspace(this));
            }

            return workspace;
        }
    }

    /// <summary>Memory with a copy of the data; of one byte at least.</summary>
    /// <param name="data">What it holds.</param>
    /// <param name="what">What that is, for messages.</param>
    public ulong Upload<T>(ReadOnlySpan<T> data, string what)
        where T : unmanaged
    {
        nuint bytes = (nuint)data.Length * (nuint)sizeof(T);
        ulong address = Allocate(Math.Max(bytes, 1), what);
        if (bytes > 0)
        {
            fixed (T* from = data)
            {
                CudaResult result = Driver.MemcpyHtoD(address, from, bytes);
                if (result != CudaResult.Success)
                {
                    Driver.MemFree(address);
                    CudaException.Check(result, $"to copy {what}");
                }
            }
        }

        return address;
    }

    /// <summary>Memory.</summary>
    /// <exception cref="CudaException">There is not enough.</exception>
    public ulong Allocate(nuint bytes, string what)
    {
        CudaException.Check(Driver.MemAlloc(out ulong address, bytes), $"for {bytes} bytes of {what}");
        return address;
    }

    /// <summary>Leaves the context.</summary>
    public readonly ref struct Scope(ICudaDriver driver)
    {
        public void Dispose() => driver.CtxPopCurrent(out _);
    }
}
