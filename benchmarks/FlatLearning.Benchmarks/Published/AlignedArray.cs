using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlatLearning.Benchmarks.Published;

/// <summary>
/// Zeroed floats that begin at a multiple of 64 bytes, because a 512-bit access that crosses a cache line costs twice.
/// </summary>
internal sealed class AlignedArray
{
    public const int Lanes = 16;
    private const int Alignment = Lanes * sizeof(float);

    private readonly float[] _memory;
    private readonly int _offset;

    /// <summary>Allocates <paramref name="length"/> floats, rounded up to whole vectors.</summary>
    public AlignedArray(int length)
    {
        Length = RoundUp(length);
        _memory = GC.AllocateArray<float>(Length + Lanes, pinned: true);
        long address = Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
        _offset = (int)((Alignment - (address % Alignment)) % Alignment / sizeof(float));
    }

    public int Length { get; }

    public Span<float> Span => _memory.AsSpan(_offset, Length);

    public static int RoundUp(int length) => (length + Lanes - 1) / Lanes * Lanes;

    /// <summary>A reference without a check of bounds, for vector loops.</summary>
    public ref float At(int index) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_memory), _offset + index);
}
