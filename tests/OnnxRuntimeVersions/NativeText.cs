using System.Runtime.InteropServices;

namespace FlatLearning.Testing;

/// <summary>Text in UTF-8, ended by a zero, for a call.</summary>
internal readonly struct NativeText(string text) : IDisposable
{
    public nint Pointer { get; } = Marshal.StringToCoTaskMemUTF8(text);

    public void Dispose() => Marshal.FreeCoTaskMem(Pointer);
}
