using System.Reflection;

namespace FlatLearning.Packages.Tests.Support;

/// <summary>What the build knew and a test needs.</summary>
internal static class BuildFacts
{
    /// <summary>The folder of the unpacked ONNX Runtime package.</summary>
    public static string OnnxRuntimePackage { get; } = Read("OnnxRuntimePackage");

    private static string Read(string key) =>
        typeof(BuildFacts).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == key).Value!;
}
