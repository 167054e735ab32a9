using System.Runtime.InteropServices;

namespace FlatLearning.CustomOps.Api;

/// <summary>A copy of a string in UTF-8 with a zero at its end, in unmanaged memory, freed on disposal.</summary>
internal readonly unsafe struct Utf8(string text) : IDisposable
{
    public byte* Pointer { get; } = (byte*)Marshal.StringToCoTaskMemUTF8(text);

    public void Dispose() => Marshal.FreeCoTaskMem((nint)Pointer);
}
