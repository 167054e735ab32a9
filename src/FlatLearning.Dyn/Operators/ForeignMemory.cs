using System.Buffers;

namespace FlatLearning.Dyn.Operators;

/// <summary>Memory that somebody else owns and keeps, as a managed memory. Never copied, never freed.</summary>
internal sealed unsafe class ForeignMemory(nint data, int length) : MemoryManager<byte>
{
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
