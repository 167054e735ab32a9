using System.Runtime.InteropServices;

namespace FlatLearning.Kernels;

/// <summary>
/// Temporary unmanaged memory on a cache-line boundary; a computation allocates nothing that is collected. Pieces up to
/// <see cref="LargeBytes"/> come from small pools of the library: memory of that size that goes back to the system and
/// returns with every call costs more than a small product.
/// </summary>
internal readonly unsafe ref struct Scratch
{
    private const int SmallBytes = 256 * 1024;
    private const int LargeBytes = 2 * 1024 * 1024;
    private const int Nothing = -1;
    private const int PoolSize = 32;
    private const int Alignment = 64;

    // Small pieces, then large ones.
    private static readonly nint* Pools = (nint*)NativeMemory.AllocZeroed(2 * PoolSize, (nuint)sizeof(nint));

    /// <summary>Bytes up to which pieces come from a pool.</summary>
    public const int MaxPooledBytes = LargeBytes;

    private readonly int _pooledBytes;

    /// <summary>Allocates; the contents are undefined. Nothing where there are no bytes.</summary>
    public Scratch(long bytes)
    {
        if (bytes == 0)
        {
            _pooledBytes = Nothing;
            return;
        }

        _pooledBytes = bytes <= SmallBytes ? SmallBytes : bytes <= LargeBytes ? LargeBytes : 0;
        Pointer = _pooledBytes == 0 ? NativeMemory.AlignedAlloc((nuint)bytes, Alignment) : Rent(_pooledBytes);
    }

    /// <summary>The first byte.</summary>
    public void* Pointer { get; }

    public void Dispose()
    {
        if (_pooledBytes == 0)
        {
            NativeMemory.AlignedFree(Pointer);
        }
        else if (_pooledBytes != Nothing)
        {
            Return(Pointer, _pooledBytes);
        }
    }

    private static nint* Pool(int bytes) => bytes == SmallBytes ? Pools : Pools + PoolSize;

    private static void* Rent(int bytes)
    {
        nint* pool = Pool(bytes);
        for (int i = 0; i < PoolSize; i++)
        {
            if (pool[i] != 0)
            {
                nint piece = Interlocked.Exchange(ref pool[i], 0);
                if (piece != 0)
                {
                    return (void*)piece;
                }
            }
        }

        return NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
    }

    private static void Return(void* piece, int bytes)
    {
        nint* pool = Pool(bytes);
        for (int i = 0; i < PoolSize; i++)
        {
            if (pool[i] == 0 && Interlocked.CompareExchange(ref pool[i], (nint)piece, 0) == 0)
            {
                return;
            }
        }

        NativeMemory.AlignedFree(piece);
    }
}
