using System.Buffers;
using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Operators;
using FlatLearning.Dyn;

namespace FlatLearning.CustomOps.Nodes;

/// <summary>
/// Memory that the host owns and keeps for as long as the kernel lives, as a managed memory. Never copied, never freed.
/// </summary>
internal sealed unsafe class HostMemory(nint data, int length) : MemoryManager<byte>
{
    /// <summary>The bytes of a constant.</summary>
    /// <exception cref="DynFormatException">The constant is larger than 2 GB.</exception>
    public static ReadOnlyMemory<byte> Of(Tensor constant, long[] shape, string name)
    {
        long bytes = constant.Type.Bytes(shape.Aggregate(1L, (count, size) => checked(count * size)));
        return bytes <= int.MaxValue
            ? new HostMemory(constant.Data, (int)bytes).Memory
            : throw new DynFormatException($"input {name} has {bytes} bytes, expected less than 2 GB");
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new((void*)data, length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)data + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
