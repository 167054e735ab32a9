using System.Runtime.InteropServices;
using FlatLearning.Onnx.Proto;
using FlatLearning.OnnxRuntime;
using Google.Protobuf;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Runs models in ONNX Runtime, with and without the native library.</summary>
internal static class OrtRun
{
    /// <summary>The native library in the tests' output.</summary>
    public static string Library { get; } = Path.Combine(
        AppContext.BaseDirectory,
        "runtimes",
        RuntimeInformation.RuntimeIdentifier,
        "native",
        OperatingSystem.IsWindows()
            ? "flat_custom_ops.dll"
            : OperatingSystem.IsMacOS()
            ? "libflat_custom_ops.dylib"
            : "libflat_custom_ops.so");

    /// <summary>All outputs, on ONNX Runtime alone.</summary>
    public static IReadOnlyList<OrtTensor> Alone(
        ModelProto model, IReadOnlyDictionary<string, OrtTensor> feeds, OrtEnvironment? environment = null) =>
        Run(model, feeds, new SessionOptions(), environment);

    /// <summary>All outputs, with the native library.</summary>
    public static IReadOnlyList<OrtTensor> WithLibrary(
        ModelProto model, IReadOnlyDictionary<string, OrtTensor> feeds, OrtEnvironment? environment = null) =>
        Run(model, feeds, new SessionOptions().RegisterCustomOpsLibrary(Library), environment);

    /// <summary>
    /// All outputs, with the native library and no optimisation, so that nothing is folded before kernels see it.
    /// </summary>
    public static IReadOnlyList<OrtTensor> WithLibraryAsWritten(
        ModelProto model, IReadOnlyDictionary<string, OrtTensor> feeds) =>
        Run(
            model,
            feeds,
            new SessionOptions { GraphOptimization = GraphOptimizationLevel.None }.RegisterCustomOpsLibrary(Library),
            null);

    /// <summary>All outputs, under the given options.</summary>
    public static IReadOnlyList<OrtTensor> Run(
        ModelProto model, IReadOnlyDictionary<string, OrtTensor> feeds, SessionOptions options,
        OrtEnvironment? environment)
    {
        options.IntraOpThreads = 1;
        options.LogSeverity = OrtLogSeverity.Fatal;
        using InferenceSession session =
            InferenceSession.Open(environment ?? OrtEnvironment.Default, model.ToByteArray(), options);
        return session.Run(feeds);
    }
}
