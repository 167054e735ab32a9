using System.Buffers;
using FlatLearning.Dyn;
using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Operators;

namespace FlatLearning.CustomOps.Nodes;

/// <summary>
/// Memory that the host owns and keeps for as long as the kernel lives, as a managed memory. Never copied, never freed.
/// </summary>
internal sealed unsafe class HostMemory : MemoryManager<byte>
{
    private readonly byte* _data;
    private readonly int _length;

    private HostMemory(nint data, int length)
    {
        _data = (byte*)data;
        _length = length;
    }

    /// <summary>The bytes of a constant.</summary>
    /// <exception cref="DynFormatException">The constant is larger than 2 GB.</exception>
    public static ReadOnlyMemory<byte> Of(ConstantInput constant, string name)
    {
        long bytes = constant.View.ByteCount;
        return bytes <= int.MaxValue
            ? new HostMemory(constant.View.Data, (int)bytes).Memory
            : throw new DynFormatException($"input {name} has {bytes} bytes, expected less than 2 GB");
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new(_data, _length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_data + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
