using System.Runtime.InteropServices;

namespace FlatLearning.CustomOps.Kernels;

/// <summary>Temporary unmanaged memory on a cache-line boundary; a computation allocates nothing that is collected.</summary>
internal readonly unsafe ref struct Scratch
{
    private const int Alignment = 64;

    /// <summary>Allocates; the contents are undefined.</summary>
    public Scratch(long bytes) => Pointer = NativeMemory.AlignedAlloc((nuint)bytes, Alignment);

    /// <summary>The first byte.</summary>
    public void* Pointer { get; }

    public void Dispose() => NativeMemory.AlignedFree(Pointer);
}
