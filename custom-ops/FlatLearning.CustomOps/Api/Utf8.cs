using System.Runtime.InteropServices;

namespace FlatLearning.CustomOps.Api;

/// <summary>A zero-terminated UTF-8 copy of a string in unmanaged memory, freed on disposal.</summary>
internal readonly unsafe struct Utf8 : IDisposable
{
    public Utf8(string? text) => Pointer = (byte*)Marshal.StringToCoTaskMemUTF8(text);

    /// <summary>The first byte; null for a null string.</summary>
    public byte* Pointer { get; }

    /// <summary>A managed copy of a zero-terminated UTF-8 string; null for null. Invalid bytes become U+FFFD.</summary>
    public static string? Read(byte* text) => Marshal.PtrToStringUTF8((nint)text);

    public void Dispose() => Marshal.FreeCoTaskMem((nint)Pointer);
}
