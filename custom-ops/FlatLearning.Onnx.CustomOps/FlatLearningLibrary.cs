using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace FlatLearning.Onnx.CustomOps;

/// <summary>
/// The native library with the operators of flat-onnx, as a file: for hosts that hand its path to ONNX Runtime
/// themselves.
/// </summary>
public static class FlatLearningLibrary
{
    // Where .NET looks for native libraries of this process; a program in one file unpacks them into a folder that
    // only this list names.
    private const string SearchFolders = "NATIVE_DLL_SEARCH_DIRECTORIES";

    /// <summary>The file's name on this system, without a folder.</summary>
    public static string FileName { get; } =
        OperatingSystem.IsWindows() ? "flat_custom_ops.dll"
        : OperatingSystem.IsMacOS() ? "libflat_custom_ops.dylib"
        : "libflat_custom_ops.so";

    /// <summary>The kind of this machine, as .NET names it; for example <c>linux-x64</c>.</summary>
    public static string RuntimeIdentifier { get; } = $"{SystemName}-{Processor}";

    /// <summary>The file's full path.</summary>
    /// <exception cref="FileNotFoundException">The library is in none of the places where a build puts it.</exception>
    public static string Path => Require(Folders());

    /// <summary>The file's full path; null where the library is in none of the places where a build puts it.</summary>
    public static string? Find() => Find(Folders());

    /// <summary>The first that there is in or under some folders, or null.</summary>
    internal static string? Find(IEnumerable<string> folders) => Candidates(folders).FirstOrDefault(File.Exists);

    /// <summary>The first that there is in or under some folders, or an exception that says where it was not.</summary>
    internal static string Require(IEnumerable<string> folders) =>
        Find(folders) ?? throw new FileNotFoundException(
            Messages.LibraryMissing(FileName, RuntimeIdentifier, Candidates(folders)), FileName);

    private static string SystemName =>
        OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";

    private static string Processor => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    // A program that was published for one kind of machine has native files beside it, any other under runtimes.
    private static IEnumerable<string> Candidates(IEnumerable<string> folders) =>
        from folder in folders.Distinct(StringComparer.Ordinal)
        from below in (string[])[string.Empty, System.IO.Path.Combine("runtimes", RuntimeIdentifier, "native")]
        select System.IO.Path.Combine(folder, below, FileName);

    private static IEnumerable<string> Folders()
    {
        string search = AppContext.GetData(SearchFolders) as string ?? string.Empty;
        return search.Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Prepend(AppContext.BaseDirectory)
            .Append(OwnFolder())
            .Where(folder => folder.Length > 0)
            .Select(System.IO.Path.TrimEndingDirectorySeparator);
    }

    // A plug-in lies elsewhere than the program that loads it.
    [UnconditionalSuppressMessage(
        "SingleFile", "IL3000", Justification = "Within one file the path is empty, and then there is no such folder.")]
    private static string OwnFolder() =>
        System.IO.Path.GetDirectoryName(typeof(FlatLearningLibrary).Assembly.Location) ?? string.Empty;
}
