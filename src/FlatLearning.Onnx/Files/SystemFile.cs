using System.Runtime.InteropServices;
using FlatLearning.Onnx.Wire;
using Microsoft.Win32.SafeHandles;

namespace FlatLearning.Onnx.Files;

/// <summary>
/// Files by names that are any bytes, as <see cref="RawText"/> has them. .NET hands only UTF-8 to the system and reads
/// other names with losses, so that on Linux the system itself is asked; elsewhere names are text.
/// </summary>
internal static partial class SystemFile
{
    private const int CurrentFolder = -100;
    private const uint WantKindInodeAndSize = 0x301;
    private const int ReadOnlyAndCloseOnStart = 0x80000;
    private const int KindMask = 0xf000;
    private const int FolderKind = 0x4000;
    private const int MaximalTarget = 4096;

    /// <summary>Whether there is a file, which is no folder.</summary>
    public static bool Exists(string path) =>
        IsRaw(path) ? StatusOf(path) is { } status && (status.Mode & KindMask) != FolderKind : File.Exists(path);

    /// <summary>Bytes of a file.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public static long LengthOf(string path) => !IsRaw(path)
        ? new FileInfo(path).Length
        : Exists(path) ? (long)StatusOf(path)!.Value.Size : throw Failure("there is no such file");

    /// <summary>Opens a file to be read.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle OpenRead(string path)
    {
        if (!IsRaw(path))
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }

        int descriptor = Open(Bytes(path), ReadOnlyAndCloseOnStart);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw Failure(Marshal.GetLastPInvokeErrorMessage());
    }

    /// <summary>What a symbolic link says; null where the path is no link.</summary>
    public static string? LinkTargetOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new FileInfo(path).LinkTarget;
        }

        byte[] target = new byte[MaximalTarget];
        nint length = ReadLink(Bytes(path), target, target.Length);
        return length < 0 ? null : RawText.Of(target.AsSpan(0, (int)length));
    }

    /// <summary>
    /// Device and inode; null where the system does not say. A file that is replaced by renaming another over it keeps
    /// its other hard links, so that resolved paths are enough there.
    /// </summary>
    public static (ulong Device, ulong Inode)? InodeOf(string path) =>
        OperatingSystem.IsLinux() && StatusOf(path) is { } status
            ? (((ulong)status.DeviceMajor << 32) | status.DeviceMinor, status.Inode)
            : null;

    private static bool IsRaw(string path) => OperatingSystem.IsLinux() && RawText.Shown(path) != path;

    private static byte[] Bytes(string path) => [.. RawText.BytesOf(path), 0];

    private static IOException Failure(string text) => new(text);

    private static Status? StatusOf(string path)
    {
        try
        {
            return StatX(CurrentFolder, Bytes(path), 0, WantKindInodeAndSize, out Status status) == 0 ? status : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int StatX(int folder, byte[] path, int flags, uint mask, out Status status);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(byte[] path, int flags);

    [LibraryImport("libc", EntryPoint = "readlink")]
    private static partial nint ReadLink(byte[] path, byte[] target, nint size);

    // struct statx, the same on every processor.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
