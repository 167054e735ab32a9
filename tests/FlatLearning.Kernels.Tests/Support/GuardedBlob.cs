using System.Buffers;
using FlatLearning.Testing;

namespace FlatLearning.Kernels.Tests.Support;

/// <summary>Bytes between pages that must not be accessed, as the memory of packed codes.</summary>
internal sealed unsafe class GuardedBlob : MemoryManager<byte>
{
    private readonly GuardedMemory<byte> _memory;

    /// <summary>Copies bytes so that one end touches a forbidden page.</summary>
    public GuardedBlob(ReadOnlySpan<byte> bytes, GuardedEnd end)
    {
        _memory = new GuardedMemory<byte>(bytes.Length, end);
        bytes.CopyTo(_memory.Span);
    }

    public override Span<byte> GetSpan() => _memory.Span;

    // The memory lies where no collector moves it.
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        fixed (byte* p = _memory.Span)
        {
            return new MemoryHandle(p + elementIndex);
        }
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing) => _memory.Dispose();
}
