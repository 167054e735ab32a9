using System.Runtime.InteropServices;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Proto;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

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
    public static IReadOnlyList<OrtTensor> Alone(ModelProto model, IReadOnlyDictionary<string, OrtTensor> feeds) =>
        Run(model, feeds, _ => { });

    /// <summary>All outputs, with the native library.</summary>
    public static IReadOnlyList<OrtTensor> WithLibrary(
        ModelProto model, IReadOnlyDictionary<string, OrtTensor> feeds) =>
        Run(model, feeds, Register);

    /// <summary>
    /// All outputs, with the native library and no optimisation, so that nothing is folded before kernels see it.
    /// </summary>
    public static IReadOnlyList<OrtTensor> WithLibraryAsWritten(
        ModelProto model, IReadOnlyDictionary<string, OrtTensor> feeds) =>
        Run(model, feeds, options =>
        {
            options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
            Register(options);
        });

    /// <summary>Registers the native library, with exact products.</summary>
    public static void Register(SessionOptions options)
    {
        options.AddSessionConfigEntry("flat.activations", "exact");
        options.RegisterCustomOpLibrary(Library);
    }

    /// <summary>Creates a session without the library.</summary>
    public static void Load(ModelProto model)
    {
        using SessionOptions options = OrtRuntime.Options(threads: 1);
        new InferenceSession(model.ToByteArray(), options).Dispose();
    }

    /// <summary>All outputs, under the given options.</summary>
    public static IReadOnlyList<OrtTensor> Run(
        ModelProto model, IReadOnlyDictionary<string, OrtTensor> feeds, Action<SessionOptions> set)
    {
        using SessionOptions options = OrtRuntime.Options(threads: 1);
        set(options);
        using InferenceSession session = new(model.ToByteArray(), options);
        return session.Run(feeds);
    }
}
