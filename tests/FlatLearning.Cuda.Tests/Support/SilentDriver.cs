using FlatLearning.Cuda.Driver;

namespace FlatLearning.Cuda.Tests.Support;

/// <summary>A driver that does all but run kernels.</summary>
internal sealed unsafe class SilentDriver(ICudaDriver inner) : ICudaDriver
{
    public CudaResult Init() => inner.Init();

    public CudaResult DeviceGetCount(out int count) => inner.DeviceGetCount(out count);

    public CudaResult DeviceGetAttribute(out int value, CudaDeviceAttribute attribute, int device) =>
        inner.DeviceGetAttribute(out value, attribute, device);

    public CudaResult DeviceGetName(byte* name, int length, int device) => inner.DeviceGetName(name, length, device);

    public CudaResult DevicePrimaryCtxRetain(out nint context, int device) =>
        inner.DevicePrimaryCtxRetain(out context, device);

    public CudaResult StreamGetCtx(nint stream, out nint context) => inner.StreamGetCtx(stream, out context);

    public CudaResult CtxGetCurrent(out nint context) => inner.CtxGetCurrent(out context);

    public CudaResult CtxPushCurrent(nint context) => inner.CtxPushCurrent(context);

    public CudaResult CtxPopCurrent(out nint context) => inner.CtxPopCurrent(out context);

    public CudaResult CtxGetDevice(out int device) => inner.CtxGetDevice(out device);

    public CudaResult ModuleLoadData(out nint module, byte* text) => inner.ModuleLoadData(out module, text);

    public CudaResult ModuleGetFunction(out nint function, nint module, string name) =>
        inner.ModuleGetFunction(out function, module, name);

    public CudaResult MemAlloc(out ulong address, nuint bytes) => inner.MemAlloc(out address, bytes);

    public CudaResult MemFree(ulong address) => inner.MemFree(address);

    public CudaResult MemcpyHtoD(ulong to, void* from, nuint bytes) => inner.MemcpyHtoD(to, from, bytes);

    public CudaResult MemcpyDtoH(void* to, ulong from, nuint bytes) => inner.MemcpyDtoH(to, from, bytes);

    public CudaResult LaunchKernel(nint function, int gridX, int gridY, int threads, nint stream, void** arguments) =>
        CudaResult.Success;
}
