using System.Runtime.InteropServices;

namespace FlatLearning.Onnx.Files;

/// <summary>
/// Renames a file to a name that nothing has. .NET looks whether something has it and then renames, so that of several
/// processes all may succeed; here exactly one does.
/// </summary>
internal static partial class ExclusiveRename
{
    // EEXIST, the same number on Linux and macOS.
    private const int Exists = 17;

    /// <summary>Renames within a folder.</summary>
    /// <exception cref="IOException">The name is taken, or the file cannot be renamed.</exception>
    public static void Move(string source, string target)
    {
        if (OperatingSystem.IsWindows())
        {
            File.Move(source, target);
        }
        else if (Link(source, target) == 0)
        {
            File.Delete(source);
        }
        else if (Marshal.GetLastPInvokeError() == Exists)
        {
            throw new IOException($"the file '{target}' already exists");
        }
        else
        {
            // A file system without hard links: an empty file takes the name, and is replaced at once.
            new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None).Dispose();
            File.Move(source, target, overwrite: true);
        }
    }

    [LibraryImport(
        "libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string source, string target);
}
