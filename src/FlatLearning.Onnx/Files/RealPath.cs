namespace FlatLearning.Onnx.Files;

/// <summary>A path with every symbolic link on the way resolved, which .NET has for a last component only.</summary>
internal static class RealPath
{
    private const int MaximalLinks = 40;

    /// <summary>
    /// Resolves links; components that do not exist stay as they are. Null where links go in circles.
    /// </summary>
    public static string? Of(string path)
    {
        string full = Path.GetFullPath(path);
        for (int links = 0; links <= MaximalLinks; links++)
        {
            string? next = ResolveFirstLink(full);
            if (next is null)
            {
                return full;
            }

            full = next;
        }

        return null;
    }

    /// <summary>The path with its first link replaced by that link's target, or null where there is none.</summary>
    private static string? ResolveFirstLink(string full)
    {
        string root = Path.GetPathRoot(full)!;
        string[] parts = full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        string walked = root;
        for (int i = 0; i < parts.Length; i++)
        {
            string folder = walked;
            walked = Path.Combine(walked, parts[i]);
            if (new FileInfo(walked).LinkTarget is { } target)
            {
                string[] rest = [folder, target, .. parts[(i + 1)..]];
                return Path.GetFullPath(Path.Combine(rest));
            }
        }

        return null;
    }
}
