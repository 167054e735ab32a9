namespace FlatLearning.Onnx.Files;

/// <summary>
/// Which file a path leads to, whatever the path looks like: two paths with equal identities are one file, through
/// symbolic links, linked folders and hard links alike.
/// </summary>
internal static class FileIdentity
{
    /// <summary>Whether two paths lead to one existing file.</summary>
    public static bool AreSame(string path, string other)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(other);
        return SystemFile.Exists(path) && SystemFile.Exists(other)
            && (SamePath(path, other)
                || (SystemFile.InodeOf(path) is { } inode && inode == SystemFile.InodeOf(other)));
    }

    // Folders that differ in case are one folder on some systems and two on others, so that on the former a file that
    // is another may be taken for the same; it is then refused where it could have been replaced.
    private static bool SamePath(string path, string other) =>
        RealPath.Of(path) is { } real
        && string.Equals(
            real,
            RealPath.Of(other),
            OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);
}
