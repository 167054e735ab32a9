namespace FlatLearning.Cuda.Driver;

/// <summary>
/// The functions of CUDA's driver that a product needs, under their own names, by which headers and manuals explain
/// them. Handles are plain addresses; device memory is a 64-bit address.
/// </summary>
internal unsafe interface ICudaDriver
{
    /// <summary>cuInit.</summary>
    CudaResult Init();

    /// <summary>cuDeviceGetCount.</summary>
    CudaResult DeviceGetCount(out int count);

    /// <summary>cuDeviceGetAttribute.</summary>
    CudaResult DeviceGetAttribute(out int value, CudaDeviceAttribute attribute, int device);

    /// <summary>cuDeviceGetName: the name in UTF-8, ended by a zero.</summary>
    CudaResult DeviceGetName(byte* name, int length, int device);

    /// <summary>cuDevicePrimaryCtxRetain.</summary>
    CudaResult DevicePrimaryCtxRetain(out nint context, int device);

    /// <summary>cuStreamGetCtx.</summary>
    CudaResult StreamGetCtx(nint stream, out nint context);

    /// <summary>cuCtxGetCurrent.</summary>
    CudaResult CtxGetCurrent(out nint context);

    /// <summary>cuCtxPushCurrent.</summary>
    CudaResult CtxPushCurrent(nint context);

    /// <summary>cuCtxPopCurrent.</summary>
    CudaResult CtxPopCurrent(out nint context);

    /// <summary>cuCtxGetDevice.</summary>
    CudaResult CtxGetDevice(out int device);

    /// <summary>cuModuleLoadData: of PTX text that ends with a zero.</summary>
    CudaResult ModuleLoadData(out nint module, byte* text);

    /// <summary>cuModuleGetFunction.</summary>
    CudaResult ModuleGetFunction(out nint function, nint module, string name);

    /// <summary>cuMemAlloc.</summary>
    CudaResult MemAlloc(out ulong address, nuint bytes);

    /// <summary>cuMemFree.</summary>
    CudaResult MemFree(ulong address);

    /// <summary>cuMemcpyHtoD.</summary>
    CudaResult MemcpyHtoD(ulong to, void* from, nuint bytes);

    /// <summary>cuMemcpyDtoH.</summary>
    CudaResult MemcpyDtoH(void* to, ulong from, nuint bytes);

    /// <summary>cuLaunchKernel, with blocks of one dimension and no shared memory beyond the kernel's own.</summary>
    CudaResult LaunchKernel(nint function, int gridX, int gridY, int threads, nint stream, void** arguments);
}
