namespace FlatLearning.Onnx.Cli;

/// <summary>
/// Looks at an output path before any work is done, so that nobody waits for a conversion that cannot be saved.
/// </summary>
internal static class OutputTarget
{
    // Saving renames a file over the target, which would replace a device by a file for every other program.
    private static readonly string[] SpecialFolders = ["/dev/", "/proc/", "/sys/"];
    private const string SharedMemory = "/dev/shm/";

    /// <summary>Throws where the file cannot or must not be written.</summary>
    /// <param name="path">The output.</param>
    /// <param name="existing">What may be there already.</param>
    /// <param name="option">The option that names it, for the error's advice.</param>
    /// <exception cref="UsageException">The folder is missing, the target is a folder or a device, or a file is there
    /// already.</exception>
    public static void Check(string path, ExistingTarget existing, string option = "-o")
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new UsageException(CliTexts.TargetIsFolder(path, option));
        }

        if (!Directory.Exists(Path.GetDirectoryName(full)))
        {
            throw new UsageException(CliTexts.TargetFolderMissing(path, option));
        }

        if (SpecialFolders.Any(folder => full.StartsWith(folder, StringComparison.Ordinal))
            && !full.StartsWith(SharedMemory, StringComparison.Ordinal))
        {
            throw new UsageException(CliTexts.TargetIsSpecial(path, option));
        }

        if (existing == ExistingTarget.Refuse && File.Exists(full))
        {
            throw new UsageException(CliTexts.TargetExists(path, option));
        }
    }
}
