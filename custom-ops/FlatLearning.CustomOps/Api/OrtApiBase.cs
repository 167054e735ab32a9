using System.Runtime.InteropServices;

namespace FlatLearning.CustomOps.Api;

/// <summary>
/// What <c>OrtGetApiBase</c> returns: the two functions whose meaning never changes between versions.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct OrtApiBase
{
    /// <summary>The function table of one API version, or null where the library is older than that.</summary>
    public delegate* unmanaged<uint, void**> GetApi;

    /// <summary>The library's version, for example <c>1.30.0</c>, as UTF-8; owned by the library.</summary>
    public delegate* unmanaged<byte*> GetVersionString;
}
