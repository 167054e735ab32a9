using System.Runtime.InteropServices;

namespace FlatLearning.Onnx.Cli;

/// <summary>
/// Where the build puts the custom-operator library: beside the tool, under <c>runtimes/(rid)/native</c>.
/// </summary>
public static class CustomOpsLibrary
{
    /// <summary>Full path of the file that a host registers; it may not be there.</summary>
    public static string Path => System.IO.Path.Combine(
        AppContext.BaseDirectory, "runtimes",
        $"{SystemName}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}", "native", FileName);

    private static string SystemName =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            ? "win"
            : RuntimeInformation.IsOSPlatform(OSPlatform.OSX)
            ? "osx"
            : "linux";

    private static string FileName => SystemName switch
    {
        "win" => "flat_custom_ops.dll",
        "osx" => "libflat_custom_ops.dylib",
        _ => "libflat_custom_ops.so",
    };
}
