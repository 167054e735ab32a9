namespace FlatLearning.Testing;

/// <summary>Where the tests find the checkout, its sample models and the folder of shared models beside it.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>FlatLearning.Onnx.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of shared inputs beside the checkout, or null where there is none.</summary>
    public static string? Shared { get; } = FindShared();

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FlatLearning.Onnx.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests must run from inside the repository's checkout.");
    }

    private static string? FindShared()
    {
        string path = Path.GetFullPath(Path.Combine(Root, "..", "shared"));
        return Directory.Exists(Path.Combine(path, "models")) ? path : null;
    }
}
