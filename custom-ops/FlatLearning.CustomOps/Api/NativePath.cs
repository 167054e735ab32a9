using System.Runtime.InteropServices;

namespace FlatLearning.CustomOps.Api;

/// <summary>
/// A path as ONNX Runtime takes it: UTF-16 on Windows, UTF-8 elsewhere; zero-terminated, freed on disposal.
/// </summary>
internal readonly unsafe struct NativePath : IDisposable
{
    public NativePath(string path) =>
        Pointer = (void*)(OperatingSystem.IsWindows()
            ? Marshal.StringToCoTaskMemUni(path)
            : Marshal.StringToCoTaskMemUTF8(path));

    public void* Pointer { get; }

    public void Dispose() => Marshal.FreeCoTaskMem((nint)Pointer);
}
