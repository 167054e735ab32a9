using System.Runtime.InteropServices;
using IOPath = System.IO.Path;

namespace FlatLearning.OnnxRuntime;

/// <summary>Finds ONNX Runtime's file.</summary>
internal static class OrtLibraryLocator
{
    /// <summary>The names under which the library is shipped on this operating system, most specific first.</summary>
    public static IReadOnlyList<string> FileNames { get; } =
        OperatingSystem.IsWindows() ? ["onnxruntime.dll"]
        : OperatingSystem.IsMacOS() ? ["libonnxruntime.dylib", "libonnxruntime.1.dylib"]
        : ["libonnxruntime.so.1", "libonnxruntime.so"];

    /// <summary>The full path of the library.</summary>
    /// <param name="path">A file or folder; null for the environment variable, then the application's folder.</param>
    /// <exception cref="OrtException">Nothing was found; the places searched are named.</exception>
    public static string Find(string? path) =>
        Find(path, Environment.GetEnvironmentVariable(OrtLibrary.EnvironmentVariable), AppContext.BaseDirectory);

    /// <summary>The same with the variable's value and the application's folder given.</summary>
    public static string Find(string? path, string? named, string folder)
    {
        if (!string.IsNullOrEmpty(path))
        {
            return InPlace(path)
                ?? throw new OrtException(OrtErrorCode.NoSuchFile, $"There is no ONNX Runtime library at '{path}'.");
        }

        if (!string.IsNullOrEmpty(named))
        {
            return InPlace(named) ?? throw new OrtException(
                OrtErrorCode.NoSuchFile,
                $"{OrtLibrary.EnvironmentVariable} names '{named}', where there is no ONNX Runtime library; correct "
                    + $"or unset it.");
        }

        return InPlace(folder)
            ?? InPlace(IOPath.Combine(folder, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"))
            ?? throw new OrtException(
                OrtErrorCode.NoSuchFile,
                $"ONNX Runtime ({FileNames[0]}) was not found in '{folder}'; name the library in "
                    + $"{OrtLibrary.EnvironmentVariable}.");
    }

    private static string? InPlace(string path)
    {
        if (File.Exists(path))
        {
            return IOPath.GetFullPath(path);
        }

        if (!Directory.Exists(path))
        {
            return null;
        }

        foreach (string name in FileNames)
        {
            string candidate = IOPath.Combine(path, name);
            if (File.Exists(candidate))
            {
                return IOPath.GetFullPath(candidate);
            }
        }

        // Releases before 1.18 carry the whole version in the only file name.
        string pattern = OperatingSystem.IsMacOS() ? "libonnxruntime.1.*.dylib" : FileNames[0] + ".*";
        string? versioned = Directory.EnumerateFiles(path, pattern).Order(StringComparer.Ordinal).FirstOrDefault();
        return versioned is null ? null : IOPath.GetFullPath(versioned);
    }
}
