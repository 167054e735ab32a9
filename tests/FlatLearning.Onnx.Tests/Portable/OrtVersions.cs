using FlatLearning.OnnxRuntime;

namespace FlatLearning.Onnx.Tests.Portable;

/// <summary>The versions of ONNX Runtime that portable models are tested on.</summary>
internal static class OrtVersions
{
    /// <summary>The pinned version first, then the older ones.</summary>
    public static readonly string[] All = ["1.30.0", "1.23.2", "1.20.1", "1.17.3"];

    /// <summary>The newest standard operator set that a version's binary accepts.</summary>
    public static int NewestOpset(string version) => version switch
    {
        "1.17.3" => 20,
        "1.20.1" => 21,
        "1.23.2" => 23,
        _ => 26,
    };

    public static OrtEnvironment Open(string version)
    {
        OrtLibrary library = version == All[0]
            ? OrtLibrary.Default
            : OrtLibrary.Load(Path.Combine(AppContext.BaseDirectory, "onnxruntime-versions", version));
        Assert.Equal(version, library.VersionString);
        return OrtEnvironment.For(library);
    }
}
