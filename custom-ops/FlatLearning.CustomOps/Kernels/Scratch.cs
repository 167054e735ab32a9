using System.Runtime.InteropServices;

namespace FlatLearning.CustomOps.Kernels;

/// <summary>
/// Temporary unmanaged memory on a cache-line boundary; a computation allocates nothing that is collected. Pieces up to <see cref="PooledBytes"/> come
/// from a small pool of the library: memory of that size that goes back to the system and returns with every call costs more than a small product.
/// </summary>
internal readonly unsafe ref struct Scratch
{
    private const int PooledBytes = 256 * 1024;
    private const int PoolSize = 32;
    private const int Alignment = 64;

    private static readonly nint* Pool = (nint*)NativeMemory.AllocZeroed(PoolSize, (nuint)sizeof(nint));

    private readonly bool _isPooled;

    /// <summary>Allocates; the contents are undefined.</summary>
    public Scratch(long bytes)
    {
        _isPooled = bytes <= PooledBytes;
        Pointer = _isPooled ? Rent() : NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
    }

    /// <summary>The first byte.</summary>
    public void* Pointer { get; }

    public void Dispose()
    {
        if (_isPooled)
        {
            Return(Pointer);
        }
        else
        {
            NativeMemory.AlignedFree(Pointer);
        }
    }

    private static void* Rent()
    {
        for (int i = 0; i < PoolSize; i++)
        {
            if (Pool[i] != 0)
            {
                nint piece = Interlocked.Exchange(ref Pool[i], 0);
                if (piece != 0)
                {
                    return (void*)piece;
                }
            }
        }

        return NativeMemory.AlignedAlloc(PooledBytes, Alignment);
    }

    private static void Return(void* piece)
    {
        for (int i = 0; i < PoolSize; i++)
        {
            if (Pool[i] == 0 && Interlocked.CompareExchange(ref Pool[i], (nint)piece, 0) == 0)
            {
                return;
            }
        }

        NativeMemory.AlignedFree(piece);
    }
}
