using System.Runtime.InteropServices;

namespace FlatLearning.Numerics;

/// <summary>
/// Floats at an address that is a multiple of 64 bytes, outside the collected heap: a 512-bit load at an odd address
/// crosses two cache lines and costs twice. Zero at first. Freed when collected or disposed of.
/// </summary>
public sealed unsafe class AlignedFloats : IDisposable
{
    private const nuint Alignment = 64;
    private float* _data;

    /// <summary>Allocates <paramref name="length"/> zeros.</summary>
    public AlignedFloats(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _data = (float*)NativeMemory.AlignedAlloc(Math.Max(1, (nuint)length) * sizeof(float), Alignment);
        Clear();
    }

    /// <summary>Frees what was not disposed of.</summary>
    ~AlignedFloats() => Free();

    /// <summary>The number of floats.</summary>
    public int Length { get; }

    /// <summary>The floats; valid until disposal, and only while this object is reachable.</summary>
    public Span<float> Span => new(_data, Length);

    /// <summary>The first float, with the same lifetime as <see cref="Span"/>.</summary>
    public float* Pointer => _data;

    /// <summary>Sets all to zero.</summary>
    public void Clear() => Span.Clear();

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }
}
