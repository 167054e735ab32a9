using FlatLearning.Testing;

namespace FlatLearning.Onnx.Tests.Support;

/// <summary>The real models beside the checkout.</summary>
internal static class SharedModels
{
    /// <summary>Their full paths, sorted; none where the folder is absent.</summary>
    public static IReadOnlyList<string> Paths { get; } = Repository.Shared is null
        ? []
        : [.. Directory.EnumerateFiles(Path.Combine(Repository.Shared, "models"), "*.onnx")
            .Order(StringComparer.Ordinal)];

    /// <summary>
    /// Their names, as test cases; one empty name where the folder is absent, so that a theory is skipped and not
    /// without data.
    /// </summary>
    public static TheoryData<string> Names =>
        Paths.Count == 0 ? [""] : [.. Paths.Select(path => Path.GetFileName(path))];

    /// <summary>The full path of one.</summary>
    public static string PathOf(string name) => Paths.Single(path => Path.GetFileName(path) == name);
}
