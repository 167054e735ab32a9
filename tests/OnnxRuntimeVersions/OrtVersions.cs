namespace FlatLearning.Testing;

/// <summary>
/// The versions of ONNX Runtime that tests run on: the package's, and older ones that a command fetches.
/// </summary>
internal static class OrtVersions
{
    /// <summary>The package's version.</summary>
    public const string Package = "1.31.1";

    /// <summary>The package's version first, then the older ones.</summary>
    public static readonly string[] All = [Package, "1.30.0", "1.23.2", "1.20.1", "1.17.3"];

    private static readonly PackageRuntime Own = new();

    /// <summary>The newest standard operator set that a version's binary accepts.</summary>
    public static int NewestOpset(string version) => version switch
    {
        "1.17.3" => 20,
        "1.20.1" => 21,
        "1.23.2" => 23,
        _ => 26,
    };

    /// <summary>Why a test cannot run on a version; null where it can.</summary>
    public static string? Absence(string version) => version == Package || Find(version) is not null
        ? null
        : $"needs ONNX Runtime {version}; 'dotnet build build/OnnxRuntimeVersions.proj' fetches it with npm";

    /// <summary>A version that is there.</summary>
    public static IOnnxRuntime Open(string version)
    {
        IOnnxRuntime runtime = version == Package ? Own : SlotRuntime.Load(Find(version)!);
        Assert.Equal(version, runtime.Version);
        return runtime;
    }

    private static string? Find(string version)
    {
        string folder = Path.Combine(Repository.Root, "artifacts", "onnxruntime-versions", version);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "libonnxruntime.*").Order(StringComparer.Ordinal).FirstOrDefault()
            : null;
    }
}
