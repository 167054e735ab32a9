using System.Runtime.InteropServices;

namespace FlatLearning.Testing;

/// <summary>
/// Elements that touch a page which must not be accessed: reading or writing past that end kills the process.
/// </summary>
internal sealed unsafe partial class GuardedMemory<T> : IDisposable
    where T : unmanaged
{
    private readonly nint _region;
    private readonly nuint _size;
    private readonly T* _first;
    private readonly int _length;

    /// <summary>
    /// Allocates zeroed elements with the forbidden page right behind the last or right before the first.
    /// </summary>
    public GuardedMemory(int length, GuardedEnd end)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        nuint bytes = (nuint)length * (nuint)sizeof(T);
        nuint body = Math.Max((bytes + page - 1) / page * page, page);
        _size = body + (2 * page);
        _region = GuardedPages.Allocate(_size);
        GuardedPages.Forbid(_region, page);
        GuardedPages.Forbid(_region + (nint)(page + body), page);
        nuint start = page + (end == GuardedEnd.Last ? body - bytes : 0);
        _first = (T*)(_region + (nint)start);
        _length = length;
    }

    public Span<T> Span => new(_first, _length);

    public void Dispose() => GuardedPages.Free(_region, _size);
}

/// <summary>Which end of the elements lies at the forbidden page.</summary>
internal enum GuardedEnd
{
    First,
    Last,
}

/// <summary>The operating system's calls.</summary>
internal static partial class GuardedPages
{
    public static nint Allocate(nuint size)
    {
        nint region;
        if (OperatingSystem.IsWindows())
        {
            region = VirtualAlloc(0, size, 0x3000, 0x04);
            return region != 0 ? region : throw new OutOfMemoryException();
        }

        int anonymousPrivate = OperatingSystem.IsMacOS() ? 0x1002 : 0x22;
        region = Map(0, size, 3, anonymousPrivate, -1, 0);
        return region != -1 ? region : throw new OutOfMemoryException();
    }

    public static void Forbid(nint address, nuint size)
    {
        bool done = OperatingSystem.IsWindows()
            ? VirtualProtect(address, size, 0x01, out _) != 0
            : Protect(address, size, 0) == 0;
        if (!done)
        {
            throw new InvalidOperationException("A guard page could not be protected.");
        }
    }

    public static void Free(nint region, nuint size)
    {
        _ = OperatingSystem.IsWindows() ? VirtualFree(region, 0, 0x8000) : Unmap(region, size);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);

    [LibraryImport("kernel32")]
    private static partial nint VirtualAlloc(nint address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32")]
    private static partial int VirtualProtect(nint address, nuint size, uint protection, out uint old);

    [LibraryImport("kernel32")]
    private static partial int VirtualFree(nint address, nuint size, uint type);
}
