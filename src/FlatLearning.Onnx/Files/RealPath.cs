namespace FlatLearning.Onnx.Files;

/// <summary>
/// A path with every symbolic link on the way resolved, which .NET has for a last component only. As the system walks
/// it: <c>..</c> behind a link is the folder above the link's target.
/// </summary>
internal static class RealPath
{
    private const int MaximalLinks = 40;

    /// <summary>
    /// Resolves links; components that do not exist stay as they are. Null where links go in circles.
    /// </summary>
    public static string? Of(string path)
    {
        // Windows itself takes '..' for the folder above in the text.
        string full = OperatingSystem.IsWindows()
            ? Path.GetFullPath(path)
            : Path.Combine(Environment.CurrentDirectory, path);
        string walked = Path.GetPathRoot(full)!;
        Stack<string> ahead = [];
        Push(ahead, full[walked.Length..]);
        int links = 0;
        while (ahead.TryPop(out string? part))
        {
            if (part == "..")
            {
                walked = Path.GetDirectoryName(walked) ?? walked;
                continue;
            }

            string next = Path.Combine(walked, part);
            if (SystemFile.LinkTargetOf(next) is not { } target)
            {
                walked = next;
                continue;
            }

            if (++links > MaximalLinks)
            {
                return null;
            }

            string root = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : string.Empty;
            walked = root.Length > 0 ? root : walked;
            Push(ahead, target[root.Length..]);
        }

        return walked;
    }

    private static void Push(Stack<string> ahead, string path)
    {
        char[] separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];
        foreach (string part in path.Split(separators, StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            if (part != ".")
            {
                ahead.Push(part);
            }
        }
    }
}
