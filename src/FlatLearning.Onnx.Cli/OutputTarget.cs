using FlatLearning.Onnx.Files;

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
    /// <param name="inputs">Files and folders that the command reads.</param>
    /// <exception cref="UsageException">The folder is missing, the target is a folder, a device or an input, or
    /// a file is there already.</exception>
    /// <exception cref="OnnxModelException">The folder takes no files.</exception>
    public static void Check(
        string path, ExistingTarget existing, string option = "-o", params IEnumerable<string> inputs)
    {
        if (path == "-")
        {
            throw new UsageException(CliTexts.TargetIsStdout(option));
        }

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

        if (inputs.SelectMany(Files).FirstOrDefault(input => FileIdentity.AreSame(input, full)) is { } own)
        {
            throw new UsageException(CliTexts.TargetIsInput(path, own, option));
        }

        WritableTarget.Check(full);
    }

    private static IEnumerable<string> Files(string input)
    {
        EnumerationOptions everything = new() { RecurseSubdirectories = true };
        return Directory.Exists(input) ? Directory.EnumerateFiles(input, "*", everything) : [input];
    }
}
