using System.Runtime.InteropServices;

namespace FlatLearning.Cuda;

/// <summary>An array as kernels take it: 16 bytes, its address and how many elements it has.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct View(ulong address, long length = 0)
{
    public readonly ulong Address = address;

    /// <summary>No kernel asks for it.</summary>
    public readonly long Length = length;
}
