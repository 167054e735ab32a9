using System.Runtime.InteropServices;

namespace FlatLearning.Onnx.Files;

/// <summary>
/// Which file a path leads to, whatever the path looks like: two paths with equal identities are one file, through
/// symbolic links, linked folders and hard links alike.
/// </summary>
internal static partial class FileIdentity
{
    private const int CurrentFolder = -100;
    private const uint WantInode = 0x100;

    /// <summary>Whether two paths lead to one existing file.</summary>
    public static bool AreSame(string path, string other)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(other);
        return File.Exists(path) && File.Exists(other)
            && (SamePath(path, other) || (InodeOf(path) is { } inode && inode == InodeOf(other)));
    }

    // Folders that differ in case are one folder on some systems and two on others, so that on the former a file that
    // is another may be taken for the same; it is then refused where it could have been replaced.
    private static bool SamePath(string path, string other) =>
        RealPath.Of(path) is { } real
        && string.Equals(
            real,
            RealPath.Of(other),
            OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Device and inode; null where the system does not say. A file that is replaced by renaming another over it keeps
    /// its other hard links, so that resolved paths are enough there.
    /// </summary>
    private static (ulong Device, ulong Inode)? InodeOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            return StatX(CurrentFolder, path, 0, WantInode, out Status status) == 0
                ? (((ulong)status.DeviceMajor << 32) | status.DeviceMinor, status.Inode)
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, out Status status);

    // struct statx, the same on every processor.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
