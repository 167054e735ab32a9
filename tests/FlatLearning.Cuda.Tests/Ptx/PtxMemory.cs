namespace FlatLearning.Cuda.Tests.Ptx;

/// <summary>Global memory: allocations far apart, so that no address outside of one is inside another, and none of them
/// an address of this process.</summary>
/// <param name="withHost">Whether addresses of this process are memory, too; nobody checks their bounds.</param>
internal sealed unsafe class PtxMemory(bool withHost = false)
{
    private const int Distance = 48;

    private readonly List<byte[]?> _allocations = [];

    /// <summary>Bytes of all allocations.</summary>
    public long Bytes { get; private set; }

    /// <summary>Allocations that are left.</summary>
    public int Count => _allocations.Count(bytes => bytes is not null);

    /// <summary>Memory full of NaN.</summary>
    public ulong Allocate(long bytes)
    {
        byte[] memory = new byte[bytes];
        Array.Fill(memory, (byte)0xff);
        Bytes += bytes;
        _allocations.Add(memory);
        return (ulong)_allocations.Count << Distance;
    }

    /// <summary>Frees what begins at an address; false where nothing does.</summary>
    public bool Free(ulong address)
    {
        int i = (int)(address >> Distance) - 1;
        if (i < 0 || i >= _allocations.Count || _allocations[i] is not { } memory || address << (64 - Distance) != 0)
        {
            return false;
        }

        Bytes -= memory.Length;
        _allocations[i] = null;
        return true;
    }

    /// <summary>So many bytes from an address on; false where they are not all inside of an allocation.</summary>
    public bool TryGet(ulong address, int bytes, out Span<byte> span)
    {
        if (withHost && address >> Distance == 0)
        {
            span = new Span<byte>((void*)address, bytes);
            return true;
        }

        int i = (int)(address >> Distance) - 1;
        ulong offset = address & ((1ul << Distance) - 1);
        byte[]? memory = i >= 0 && i < _allocations.Count ? _allocations[i] : null;
        bool isInside = memory is not null && offset + (ulong)bytes <= (ulong)memory.Length;
        span = isInside ? memory.AsSpan((int)offset, bytes) : default;
        return isInside;
    }
}
