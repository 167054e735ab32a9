using System.Runtime.InteropServices;

namespace FlatLearning.Cuda.Driver;

/// <summary>The driver that is installed: libcuda.so.1 or nvcuda.dll, found when it is first asked for.</summary>
internal sealed unsafe class CudaLibrary : ICudaDriver
{
    private static readonly Lazy<CudaLibrary?> Found = new(Open);

    private readonly delegate* unmanaged<uint, CudaResult> _init;
    private readonly delegate* unmanaged<int*, CudaResult> _deviceGetCount;
    private readonly delegate* unmanaged<int*, CudaDeviceAttribute, int, CudaResult> _deviceGetAttribute;
    private readonly delegate* unmanaged<byte*, int, int, CudaResult> _deviceGetName;
    private readonly delegate* unmanaged<nint*, int, CudaResult> _devicePrimaryCtxRetain;
    private readonly delegate* unmanaged<nint, nint*, CudaResult> _streamGetCtx;
    private readonly delegate* unmanaged<nint*, CudaResult> _ctxGetCurrent;
    private readonly delegate* unmanaged<nint, CudaResult> _ctxPushCurrent;
    private readonly delegate* unmanaged<nint*, CudaResult> _ctxPopCurrent;
    private readonly delegate* unmanaged<int*, CudaResult> _ctxGetDevice;
    private readonly delegate* unmanaged<nint*, byte*, CudaResult> _moduleLoadData;
    private readonly delegate* unmanaged<nint*, nint, byte*, CudaResult> _moduleGetFunction;
    private readonly delegate* unmanaged<ulong*, nuint, CudaResult> _memAlloc;
    private readonly delegate* unmanaged<ulong, CudaResult> _memFree;
    private readonly delegate* unmanaged<ulong, void*, nuint, CudaResult> _memcpyHtoD;
    private readonly delegate* unmanaged<void*, ulong, nuint, CudaResult> _memcpyDtoH;
    private readonly delegate* unmanaged<
        nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, CudaResult> _launchKernel;

    // The names with _v2 are those that the header gives these functions.
    private CudaLibrary(nint library)
    {
        _init = (delegate* unmanaged<uint, CudaResult>)Export("cuInit");
        _deviceGetCount = (delegate* unmanaged<int*, CudaResult>)Export("cuDeviceGetCount");
        _deviceGetAttribute =
            (delegate* unmanaged<int*, CudaDeviceAttribute, int, CudaResult>)Export("cuDeviceGetAttribute");
        _deviceGetName = (delegate* unmanaged<byte*, int, int, CudaResult>)Export("cuDeviceGetName");
        _devicePrimaryCtxRetain = (delegate* unmanaged<nint*, int, CudaResult>)Export("cuDevicePrimaryCtxRetain");
        _streamGetCtx = (delegate* unmanaged<nint, nint*, CudaResult>)Export("cuStreamGetCtx");
        _ctxGetCurrent = (delegate* unmanaged<nint*, CudaResult>)Export("cuCtxGetCurrent");
        _ctxPushCurrent = (delegate* unmanaged<nint, CudaResult>)Export("cuCtxPushCurrent_v2");
        _ctxPopCurrent = (delegate* unmanaged<nint*, CudaResult>)Export("cuCtxPopCurrent_v2");
        _ctxGetDevice = (delegate* unmanaged<int*, CudaResult>)Export("cuCtxGetDevice");
        _moduleLoadData = (delegate* unmanaged<nint*, byte*, CudaResult>)Export("cuModuleLoadData");
        _moduleGetFunction = (delegate* unmanaged<nint*, nint, byte*, CudaResult>)Export("cuModuleGetFunction");
        _memAlloc = (delegate* unmanaged<ulong*, nuint, CudaResult>)Export("cuMemAlloc_v2");
        _memFree = (delegate* unmanaged<ulong, CudaResult>)Export("cuMemFree_v2");
        _memcpyHtoD = (delegate* unmanaged<ulong, void*, nuint, CudaResult>)Export("cuMemcpyHtoD_v2");
        _memcpyDtoH = (delegate* unmanaged<void*, ulong, nuint, CudaResult>)Export("cuMemcpyDtoH_v2");
        _launchKernel = (delegate* unmanaged<
            nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, CudaResult>)Export("cuLaunchKernel");

        nint Export(string name) => NativeLibrary.GetExport(library, name);
    }

    /// <summary>The driver; null where there is none, or one that is older than its functions.</summary>
    public static ICudaDriver? Instance => Found.Value;

    public CudaResult Init() => _init(0);

    public CudaResult DeviceGetCount(out int count)
    {
        fixed (int* p = &count)
        {
            return _deviceGetCount(p);
        }
    }

    public CudaResult DeviceGetAttribute(out int value, CudaDeviceAttribute attribute, int device)
    {
        fixed (int* p = &value)
        {
            return _deviceGetAttribute(p, attribute, device);
        }
    }

    public CudaResult DeviceGetName(byte* name, int length, int device) => _deviceGetName(name, length, device);

    public CudaResult DevicePrimaryCtxRetain(out nint context, int device)
    {
        fixed (nint* p = &context)
        {
            return _devicePrimaryCtxRetain(p, device);
        }
    }

    public CudaResult StreamGetCtx(nint stream, out nint context)
    {
        fixed (nint* p = &context)
        {
            return _streamGetCtx(stream, p);
        }
    }

    public CudaResult CtxGetCurrent(out nint context)
    {
        fixed (nint* p = &context)
        {
            return _ctxGetCurrent(p);
        }
    }

    public CudaResult CtxPushCurrent(nint context) => _ctxPushCurrent(context);

    public CudaResult CtxPopCurrent(out nint context)
    {
        fixed (nint* p = &context)
        {
            return _ctxPopCurrent(p);
        }
    }

    public CudaResult CtxGetDevice(out int device)
    {
        fixed (int* p = &device)
        {
            return _ctxGetDevice(p);
        }
    }

    public CudaResult ModuleLoadData(out nint module, byte* text)
    {
        fixed (nint* p = &module)
        {
            return _moduleLoadData(p, text);
        }
    }

    public CudaResult ModuleGetFunction(out nint function, nint module, string name)
    {
        byte* text = (byte*)Marshal.StringToCoTaskMemUTF8(name);
        fixed (nint* p = &function)
        {
            CudaResult result = _moduleGetFunction(p, module, text);
            Marshal.FreeCoTaskMem((nint)text);
            return result;
        }
    }

    public CudaResult MemAlloc(out ulong address, nuint bytes)
    {
        fixed (ulong* p = &address)
        {
            return _memAlloc(p, bytes);
        }
    }

    public CudaResult MemFree(ulong address) => _memFree(address);

    public CudaResult MemcpyHtoD(ulong to, void* from, nuint bytes) => _memcpyHtoD(to, from, bytes);

    public CudaResult MemcpyDtoH(void* to, ulong from, nuint bytes) => _memcpyDtoH(to, from, bytes);

    public CudaResult LaunchKernel(nint function, int gridX, int gridY, int threads, nint stream, void** arguments) =>
        _launchKernel(function, (uint)gridX, (uint)gridY, 1, (uint)threads, 1, 1, 0, stream, arguments, null);

    /// <summary>Looks for the driver; null where there is none, or one that lacks a function.</summary>
    public static CudaLibrary? Open()
    {
        string name = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";
        if (!NativeLibrary.TryLoad(name, out nint library))
        {
            return null;
        }

        try
        {
            return new CudaLibrary(library);
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }
}
