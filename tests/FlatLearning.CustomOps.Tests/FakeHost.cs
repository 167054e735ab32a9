using System.Runtime.InteropServices;

namespace FlatLearning.CustomOps.Tests;

/// <summary>A host that is nothing but a version string and a function that makes statuses.</summary>
internal static unsafe class FakeHost
{
    private static readonly Lock Gate = new();
    private static nint _version;
    private static string? _message;

    /// <summary>Registers a library with a host of the given version and returns the message of its status.</summary>
    public static string Register(string library, string version)
    {
        nint entry = NativeLibrary.GetExport(NativeLibrary.Load(library), "RegisterCustomOps");
        void** apiBase = stackalloc void*[2];
        apiBase[0] = (delegate* unmanaged<uint, void**>)&GetApi;
        apiBase[1] = (delegate* unmanaged<byte*>)&GetVersionString;
        lock (Gate)
        {
            _version = Marshal.StringToCoTaskMemUTF8(version);
            _message = null;
            nint status = ((delegate* unmanaged<nint, void**, nint>)entry)(0, apiBase);
            Marshal.FreeCoTaskMem(_version);
            Assert.NotEqual(0, status);
            return _message ?? string.Empty;
        }
    }

    // Like a real old library: no table for versions that it does not know.
    [UnmanagedCallersOnly]
    private static void** GetApi(uint version)
    {
        if (version > 16)
        {
            return null;
        }

        void** table = (void**)NativeMemory.AllocZeroed(8, (nuint)sizeof(void*));
        table[0] = (delegate* unmanaged<int, byte*, nint>)&CreateStatus;
        return table;
    }

    [UnmanagedCallersOnly]
    private static byte* GetVersionString() => (byte*)_version;

    [UnmanagedCallersOnly]
    private static nint CreateStatus(int code, byte* message)
    {
        _message = Marshal.PtrToStringUTF8((nint)message);
        return 1;
    }
}
